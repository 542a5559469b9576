namespace XmppChatClient.Xml;

/// <summary>The name of an element or attribute: a namespace and a local name, compared ordinally.</summary>
public sealed class XmlName : IEquatable<XmlName>
{
    private const string XmlNamespace = "http://www.w3.org/XML/1998/namespace";

    /// <param name="namespaceName">The namespace; empty for none.</param>
    /// <param name="localName">The name without a prefix.</param>
    /// <exception cref="ArgumentException">The local name is no name of XML (Namespaces in XML 1.0 §3, NCName).</exception>
    public XmlName(string namespaceName, string localName)
    {
        ArgumentNullException.ThrowIfNull(namespaceName);
        ArgumentException.ThrowIfNullOrEmpty(localName);
        if (!XmlCharacters.IsName(localName))
        {
            throw new ArgumentException("It is no name of XML, or has a prefix.", nameof(localName));
        }

        Namespace = namespaceName;
        LocalName = localName;
    }

    /// <summary><c>xml:lang</c>.</summary>
    public static XmlName Lang { get; } = new(XmlNamespace, "lang");

    /// <summary>The namespace; empty for none.</summary>
    public string Namespace { get; }

    public string LocalName { get; }

    public static bool operator ==(XmlName? left, XmlName? right) =>
        ReferenceEquals(left, right) || (left is not null && left.Equals(right));

    public static bool operator !=(XmlName? left, XmlName? right) => !(left == right);

    public bool Equals(XmlName? other) =>
        ReferenceEquals(this, other)
        || (other is not null && LocalName == other.LocalName && Namespace == other.Namespace);

    public override bool Equals(object? obj) => Equals(obj as XmlName);

    public override int GetHashCode() => HashCode.Combine(Namespace, LocalName);

    /// <summary><c>{namespace}local</c>.</summary>
    public override string ToString() => Namespace.Length == 0 ? LocalName : $"{{{Namespace}}}{LocalName}";
}
