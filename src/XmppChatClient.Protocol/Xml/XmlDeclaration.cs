using System.Text;
using System.Text.RegularExpressions;
using XmppChatClient.Streams;

namespace XmppChatClient.Xml;

/// <summary>The XML declaration that may open a stream (RFC 6120 §11.5, XML 1.0 §2.8).</summary>
internal static partial class XmlDeclaration
{
    public static void Check(ReadOnlySpan<byte> utf8)
    {
        var match = Form().Match(Encoding.Latin1.GetString(utf8));
        if (!match.Success)
        {
            throw utf8.StartsWith("<?xml "u8)
                ? XmlViolation.NotWellFormed("the XML declaration is malformed")
                : XmlViolation.Restricted("processing instructions");
        }

        if (match.Groups["encoding"] is { Success: true } encoding
            && !encoding.Value.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            // RFC 6120 §11.6
            throw new XmppProtocolException(
                StreamErrorCondition.UnsupportedEncoding, "The stream is not in UTF-8, and XMPP allows nothing else.");
        }
    }

    [GeneratedRegex(
        """^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?<q>["'])1\.0\k<q>([ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?<q>["'])(?<encoding>[A-Za-z][A-Za-z0-9._\-]*)\k<q>)?([ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?<q>["'])(yes|no)\k<q>)?[ \t\r\n]*\?>\z""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
