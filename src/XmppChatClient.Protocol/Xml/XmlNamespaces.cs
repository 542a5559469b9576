namespace XmppChatClient.Xml;

/// <summary>The namespace declarations in scope (Namespaces in XML 1.0).</summary>
internal sealed class XmlNamespaces
{
    public const string Xml = "http://www.w3.org/XML/1998/namespace";
    public const string Xmlns = "http://www.w3.org/2000/xmlns/";

    private (byte[] Prefix, string Namespace)[] _bindings = new (byte[], string)[16];

    /// <summary>How many declarations are in scope; give it back to <see cref="Leave"/>.</summary>
    public int Count { get; private set; }

    public void Leave(int count) => Count = count;

    /// <param name="prefix">Empty for the default namespace.</param>
    public void Declare(ReadOnlySpan<byte> prefix, string namespaceName)
    {
        if (prefix.SequenceEqual("xmlns"u8) || namespaceName == Xmlns)
        {
            throw XmlViolation.BadPrefix("xmlns cannot be declared");
        }

        if (prefix.SequenceEqual("xml"u8) != (namespaceName == Xml))
        {
            throw XmlViolation.BadPrefix("the prefix xml and its namespace belong together");
        }

        if (namespaceName.Length == 0 && prefix.Length > 0)
        {
            throw XmlViolation.BadPrefix("a prefix cannot be undeclared");
        }

        if (Count == _bindings.Length)
        {
            Array.Resize(ref _bindings, Count * 2);
        }

        _bindings[Count++] = (prefix.IsEmpty ? [] : prefix.ToArray(), namespaceName);
    }

    /// <param name="prefix">Empty for the default namespace.</param>
    public string Resolve(ReadOnlySpan<byte> prefix)
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            if (prefix.SequenceEqual(_bindings[i].Prefix))
            {
                return _bindings[i].Namespace;
            }
        }

        return prefix.IsEmpty ? ""
            : prefix.SequenceEqual("xml"u8) ? Xml
            : throw XmlViolation.BadPrefix("a prefix is not declared");
    }
}
