using System.Buffers;
using XmppChatClient.Streams;

namespace XmppChatClient.Xml;

/// <summary>Reads elements that come one by one, each as a document of its own (RFC 7395 §3.3.3), with the limits and the
/// refusals of <see cref="XmlStreamReader"/>.</summary>
/// <param name="limits">Default <see cref="XmlLimits.Default"/>.</param>
/// <param name="passOverExcess">Whether an element that breaks one of the limits but that of its size is passed over: for what
/// strangers wrote.</param>
public sealed class XmlDocumentReader(XmlLimits? limits = null, bool passOverExcess = false)
{
    private static readonly SearchValues<byte> EndsOfName = SearchValues.Create(" \t\r\n/>"u8);

    private readonly XmlLimits _limits = limits ?? XmlLimits.Default;

    /// <summary>The element that is all of the bytes, but for an XML declaration before it and whitespace behind it. What
    /// stands for one that was passed over has a name in <see cref="XmlStreamReader.RefusedNamespace"/>.</summary>
    /// <exception cref="XmppProtocolException">It is no such document, or breaks a limit.</exception>
    public XmppElement Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > _limits.StanzaBytes)
        {
            throw XmlViolation.TooMuch("A stanza's size in bytes", _limits.StanzaBytes);
        }

        if (utf8.IsEmpty || utf8[0] != (byte)'<')
        {
            throw utf8.IsEmpty ? XmlViolation.NotWellFormed("there is no element")
                : XmlViolation.NotWellFormed("it does not begin with a tag");
        }

        utf8 = WithoutDeclaration(utf8);
        var parser = ParserPool.Shared.Rent(_limits);
        parser.Enter(StreamScope.Outside);
        XmppElement element;
        try
        {
            element = parser.ParseDocument(utf8);
        }
        catch (XmppProtocolException e) when (passOverExcess && e.Condition == StreamErrorCondition.PolicyViolation)
        {
            // The parser is in the middle of it, and stays with it.
            return new XmppElement(new XmlName(XmlStreamReader.RefusedNamespace, KindOf(utf8)), e.Message);
        }

        ParserPool.Shared.Return(parser);
        return element;
    }

    /// <summary>What an element is that is not parsed: one of the stanzas, which count as received whatever is in them, or
    /// none.</summary>
    internal static string KindOf(ReadOnlySpan<byte> start)
    {
        var end = start.IndexOfAny(EndsOfName);
        var name = start[1..(end < 0 ? start.Length : end)];
        var local = name[(name.IndexOf((byte)':') + 1)..];
        return local.SequenceEqual("message"u8) ? "message"
            : local.SequenceEqual("presence"u8) ? "presence"
            : local.SequenceEqual("iq"u8) ? "iq"
            : "element";
    }

    private static ReadOnlySpan<byte> WithoutDeclaration(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.StartsWith("<?"u8))
        {
            return utf8;
        }

        var end = utf8.IndexOf("?>"u8);
        if (end < 0)
        {
            throw XmlViolation.NotWellFormed("the XML declaration does not end");
        }

        XmlDeclaration.Check(utf8[..(end + 2)]);
        return utf8[(end + 2)..].TrimStart(" \t\r\n"u8);
    }
}
