namespace XmppChatClient.Xml;

/// <summary>The namespace declarations in scope (Namespaces in XML 1.0).</summary>
/// <param name="mostPrefixes">How many declarations with a prefix there may be.</param>
internal sealed class XmlNamespaces(int mostPrefixes)
{
    public const string Xml = "http://www.w3.org/XML/1998/namespace";
    public const string Xmlns = "http://www.w3.org/2000/xmlns/";

    private NamespaceBinding[] _bindings = new NamespaceBinding[16];
    private int _prefixes;

    // The last declaration with a prefix: only these are looked through, however often the default namespace changed since.
    private int _last = -1;

    /// <summary>How many declarations are in scope; give it back to <see cref="Leave"/>.</summary>
    public int Count { get; private set; }

    /// <summary>What names without a prefix are in; empty for none.</summary>
    public string Default { get; private set; } = "";

    public ReadOnlySpan<NamespaceBinding> InScope => _bindings.AsSpan(0, Count);

    public void Leave(int count)
    {
        while (Count > count)
        {
            ref readonly var left = ref _bindings[--Count];
            if (left.Prefix.Length == 0)
            {
                Default = left.Outer;
            }
            else
            {
                (_last, _prefixes) = (left.PrefixBefore, _prefixes - 1);
            }
        }
    }

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

        if (!prefix.IsEmpty && _prefixes == mostPrefixes)
        {
            throw XmlViolation.TooMuch("The number of namespace prefixes in scope", mostPrefixes);
        }

        if (Count == _bindings.Length)
        {
            Array.Resize(ref _bindings, Count * 2);
        }

        _bindings[Count] = new NamespaceBinding(prefix.IsEmpty ? [] : prefix.ToArray(), namespaceName, Default, _last);
        if (prefix.IsEmpty)
        {
            Default = namespaceName;
        }
        else
        {
            (_last, _prefixes) = (Count, _prefixes + 1);
        }

        Count++;
    }

    /// <param name="prefix">Empty for the default namespace.</param>
    public string Resolve(ReadOnlySpan<byte> prefix)
    {
        if (prefix.IsEmpty)
        {
            return Default;
        }

        for (var i = _last; i >= 0; i = _bindings[i].PrefixBefore)
        {
            if (prefix.SequenceEqual(_bindings[i].Prefix))
            {
                return _bindings[i].Namespace;
            }
        }

        return prefix.SequenceEqual("xml"u8)
            ? Xml
            : throw XmlViolation.BadPrefix("a prefix is not declared");
    }
}
