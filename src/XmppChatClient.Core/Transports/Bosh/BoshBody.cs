using System.Buffers;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.Bosh;

/// <summary>What one response of BOSH holds (XEP-0124 §6).</summary>
/// <param name="Wrapper">The wrapper's tag, without content.</param>
/// <param name="Elements">What it wraps.</param>
/// <param name="Size">How many bytes it came in.</param>
internal sealed record BoshBody(XmppElement Wrapper, IReadOnlyList<XmppElement> Elements, int Size)
{
    /// <summary><c>terminate</c>, <c>error</c> or, mostly, <see langword="null"/>.</summary>
    public string? Type => Wrapper.Attribute("type");

    public bool IsEnd => Type == "terminate";

    /// <returns><see langword="null"/> when it is something else than a wrapper, whatever it is.</returns>
    /// <exception cref="XmppProtocolException">It is a wrapper, and something in it is wrong.</exception>
    public static BoshBody? Read(ReadOnlyMemory<byte> utf8, XmlLimits limits)
    {
        utf8 = utf8[(utf8.Length - utf8.Span.TrimStart(" \t\r\n"u8).Length)..];
        return IsEmptyTag(utf8.Span) ? ReadEmpty(utf8.Span, limits) : ReadFull(utf8, limits);
    }

    private static BoshBody? ReadEmpty(ReadOnlySpan<byte> utf8, XmlLimits limits)
    {
        try
        {
            var wrapper = new XmlDocumentReader(limits).Read(utf8);
            return wrapper.Name == BoshNames.Body ? new BoshBody(wrapper, [], utf8.Length) : null;
        }
        catch (XmppProtocolException)
        {
            return null;
        }
    }

    // The wrapper is to its content what a stream's opening tag is to stanzas, limits included: one that a stranger wrote too
    // deep does not take the others with it.
    private static BoshBody? ReadFull(ReadOnlyMemory<byte> utf8, XmlLimits limits)
    {
        var reader = new XmlStreamReader(limits, passOverExcess: true);
        var rest = new ReadOnlySequence<byte>(utf8);
        XmppElement? wrapper = null;
        var elements = new List<XmppElement>();
        try
        {
            while (true)
            {
                switch (reader.TryRead(ref rest))
                {
                    case XmlStreamItem.StreamStart when reader.Element!.Name == BoshNames.Body:
                        wrapper = reader.Element;
                        break;
                    case XmlStreamItem.StreamStart:
                        return null;
                    case XmlStreamItem.NeedMoreData when wrapper is null:
                        return null;
                    case XmlStreamItem.NeedMoreData:
                        throw new XmppProtocolException(StreamErrorCondition.NotWellFormed, "it does not end");
                    case XmlStreamItem.StreamEnd:
                        return IsSpace(rest)
                            ? new BoshBody(wrapper!, elements, utf8.Length)
                            : throw new XmppProtocolException(StreamErrorCondition.NotWellFormed, "something is behind its end");
                    default:
                        elements.Add(InStream(reader.Element!));
                        break;
                }
            }
        }
        catch (XmppProtocolException) when (wrapper is null)
        {
            return null;
        }
    }

    private static bool IsSpace(ReadOnlySequence<byte> rest) => rest.FirstSpan.Trim(" \t\r\n"u8).IsEmpty;

    // XEP-0206 §2: who does not change the namespace for stanzas means theirs.
    private static XmppElement InStream(XmppElement element) => element.Name.Namespace != BoshNames.Namespace || element.Name == BoshNames.Uri
        ? element
        : new XmppElement(
            new XmlName(XmppNamespaces.Client, element.Name.LocalName),
            element.Attributes,
            [.. element.Content.ToArray().Select(node => node.Element is { } child ? (XmlNode)InStream(child) : node)]);

    private static bool IsEmptyTag(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("<?"u8))
        {
            utf8 = utf8[(utf8.IndexOf("?>"u8) + 1)..];
            utf8 = utf8[(utf8.IndexOf((byte)'<') is var tag and >= 0 ? tag : 0)..];
        }

        byte quote = 0;
        for (var i = 0; i < utf8.Length; i++)
        {
            switch (utf8[i])
            {
                case (byte)'\'' or (byte)'"' when quote == 0:
                    quote = utf8[i];
                    break;
                case var mark when mark == quote:
                    quote = 0;
                    break;
                case (byte)'>' when quote == 0:
                    return i > 0 && utf8[i - 1] == (byte)'/';
            }
        }

        return false;
    }
}
