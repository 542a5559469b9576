using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace XmppChatClient.Xml;

/// <summary>An immutable XML element; safe to hand to many threads. Prefixes are not kept: namespaces are.</summary>
/// <remarks>Content is one field: nothing, one text, one element, or an array of both. Most elements of XMPP hold at most
/// one thing, and then need no array.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class XmppElement : IPayload
{
    // For what we wrote ourselves.
    private static readonly XmlLimits Unlimited =
        new() { StanzaBytes = int.MaxValue, Depth = 1024, Attributes = 1024, Prefixes = int.MaxValue, Elements = int.MaxValue };

    private readonly XmlAttribute[] _attributes;

    // null | string | XmppElement | object[] of strings and elements
    private readonly object? _content;

    /// <param name="name">The element's name.</param>
    /// <param name="attributes">Its attributes; namespace declarations are not attributes here, the writer makes them.</param>
    /// <param name="content">Texts and elements, in order.</param>
    /// <exception cref="ArgumentException">Two attributes have one name, or one is a namespace declaration.</exception>
    public XmppElement(XmlName name, ReadOnlySpan<XmlAttribute> attributes, params ReadOnlySpan<XmlNode> content)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        _attributes = attributes.ToArray();
        for (var i = 0; i < _attributes.Length; i++)
        {
            if (_attributes[i].Name is { Namespace: "", LocalName: "xmlns" } or { Namespace: XmlNamespaces.Xmlns })
            {
                throw new ArgumentException("Namespaces are declared by the writer, where they change.", nameof(attributes));
            }

            for (var j = 0; j < i; j++)
            {
                if (_attributes[i].Name == _attributes[j].Name)
                {
                    throw new ArgumentException($"The attribute {_attributes[i].Name} is given twice.", nameof(attributes));
                }
            }
        }

        _content = content.Length switch
        {
            0 => null,
            1 => content[0].Value,
            _ => Values(content),
        };
    }

    public XmppElement(XmlName name, params ReadOnlySpan<XmlNode> content)
        : this(name, [], content)
    {
    }

    // The parser's way in: it has checked all this already, and hands over arrays that it keeps no hold of.
    internal XmppElement(XmlName name, XmlAttribute[] attributes, object? content)
    {
        Name = name;
        _attributes = attributes;
        _content = content;
    }

    public XmlName Name { get; }

    /// <summary>In the order they came; without namespace declarations.</summary>
    public ReadOnlySpan<XmlAttribute> Attributes => _attributes;

    /// <summary><c>xml:lang</c> of this element itself, not an inherited one.</summary>
    public string? Language => Attribute(XmlName.Lang);

    /// <summary>The element's own texts, joined; without those of its children. Empty when there are none.</summary>
    public string Text => _content switch
    {
        null or XmppElement => "",
        string text => text,
        var many => string.Concat(((object[])many).OfType<string>()),
    };

    /// <summary>The child elements, in order.</summary>
    public ElementEnumerable Elements => new(_content);

    /// <summary>Texts and child elements, in order.</summary>
    public ReadOnlySpan<XmlNode> Content => _content switch
    {
        null => [],
        object[] many => Nodes(many),
        var one => new XmlNode[] { new(one) },
    };

    /// <summary>Reads one whole element from text.</summary>
    /// <exception cref="XmppProtocolException">It is not one well-formed element of the XML that XMPP allows.</exception>
    public static XmppElement Parse(string xml) => XmlElementParser.Parse(System.Text.Encoding.UTF8.GetBytes(xml), XmlLimits.Default);

    /// <summary>Reads one whole element from UTF-8.</summary>
    /// <exception cref="XmppProtocolException">It is not one well-formed element of the XML that XMPP allows.</exception>
    public static XmppElement Parse(ReadOnlySpan<byte> utf8, XmlLimits? limits = null) =>
        XmlElementParser.Parse(utf8, limits ?? XmlLimits.Default);

    /// <summary>What something writes, as an element; itself if it is one.</summary>
    public static XmppElement From(IXmlWritable writable)
    {
        ArgumentNullException.ThrowIfNull(writable);
        if (writable is XmppElement element)
        {
            return element;
        }

        var buffer = new ArrayBufferWriter<byte>();
        writable.Write(new XmlStreamWriter(buffer));
        return XmlElementParser.Parse(buffer.WrittenSpan, Unlimited);
    }

    /// <summary>The value of an attribute in no namespace, or <see langword="null"/>.</summary>
    public string? Attribute(string localName)
    {
        foreach (ref readonly var attribute in _attributes.AsSpan())
        {
            if (attribute.Name.LocalName == localName && attribute.Name.Namespace.Length == 0)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>The value of an attribute, or <see langword="null"/>.</summary>
    public string? Attribute(XmlName name)
    {
        foreach (ref readonly var attribute in _attributes.AsSpan())
        {
            if (attribute.Name == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>The first child of that name, or <see langword="null"/>.</summary>
    public XmppElement? Element(XmlName name)
    {
        foreach (var child in Elements)
        {
            if (child.Name == name)
            {
                return child;
            }
        }

        return null;
    }

    /// <summary>The first child that is a well-formed <typeparamref name="T"/>, or <see langword="null"/>.</summary>
    public T? Get<T>()
        where T : class, IPayload<T>
    {
        foreach (var child in Elements)
        {
            if (child.Name == T.Name && T.Read(child) is { } payload)
            {
                return payload;
            }
        }

        return null;
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        foreach (ref readonly var attribute in _attributes.AsSpan())
        {
            writer.WriteAttribute(attribute.Name, attribute.Value);
        }

        switch (_content)
        {
            case null:
                break;
            case object[] many:
                foreach (var node in many)
                {
                    WriteNode(writer, node);
                }

                break;
            default:
                WriteNode(writer, _content);
                break;
        }

        writer.WriteEnd();
    }

    /// <summary>The element as XML, namespaces declared where they change.</summary>
    public override string ToString() => XmlStreamWriter.ToText(this);

    private static void WriteNode(XmlStreamWriter writer, object node)
    {
        if (node is XmppElement element)
        {
            element.Write(writer);
        }
        else
        {
            writer.WriteText((string)node);
        }
    }

    private static object[] Values(ReadOnlySpan<XmlNode> content)
    {
        var values = new object[content.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = content[i].Value;
        }

        return values;
    }

    private static XmlNode[] Nodes(object[] values) => Array.ConvertAll(values, v => new XmlNode(v));

    /// <summary>Walks child elements without allocating.</summary>
    [SuppressMessage("Naming", "CA1710", Justification = "It is what foreach takes, not a collection.")]
    public readonly struct ElementEnumerable
    {
        private readonly object? _content;

        internal ElementEnumerable(object? content) => _content = content;

        public ElementEnumerator GetEnumerator() => new(_content);

        /// <summary>The children as an array, for LINQ.</summary>
        public XmppElement[] ToArray()
        {
            var list = new List<XmppElement>();
            foreach (var element in this)
            {
                list.Add(element);
            }

            return [.. list];
        }
    }

    /// <summary>The enumerator of <see cref="ElementEnumerable"/>.</summary>
    public struct ElementEnumerator
    {
        private readonly object? _content;
        private int _next;

        internal ElementEnumerator(object? content)
        {
            _content = content;
            Current = null!;
        }

        public XmppElement Current { get; private set; }

        public bool MoveNext()
        {
            if (_content is object[] many)
            {
                while (_next < many.Length)
                {
                    if (many[_next++] is XmppElement element)
                    {
                        Current = element;
                        return true;
                    }
                }

                return false;
            }

            if (_next++ == 0 && _content is XmppElement one)
            {
                Current = one;
                return true;
            }

            return false;
        }
    }
}
