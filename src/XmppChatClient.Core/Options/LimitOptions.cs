using XmppChatClient.Xml;

namespace XmppChatClient;

/// <summary>How much a peer may make this process hold.</summary>
public sealed class LimitOptions
{
    /// <summary>Longest a stanza from the server may be, in bytes of UTF-8. Default 4,194,304; at least 10,000. A
    /// longer one ends the session, so a limit below six times the longest stanza that the server takes lets anybody end it:
    /// servers write a quote as six bytes.</summary>
    public int StanzaBytes { get; set; } = XmlLimits.Default.StanzaBytes;

    /// <summary>How deep elements of a stanza may nest. Default 64; 8 to 1,024. A stanza that breaks this limit or that of
    /// <see cref="Attributes"/> is passed over, with a line in the log: a stranger may have written it.</summary>
    public int Depth { get; set; } = XmlLimits.Default.Depth;

    /// <summary>How many attributes an element may have. Default 64; at least 8.</summary>
    public int Attributes { get; set; } = XmlLimits.Default.Attributes;

    /// <summary>How many received events may wait to be read before the client stops reading from the server, which then
    /// has to wait itself. Default 1,024; at least 1. Twice that while a request of ours is unanswered.</summary>
    public int Inbox { get; set; } = 1024;

    internal XmlLimits ToXmlLimits()
    {
        var limits = XmlLimits.Default with { StanzaBytes = StanzaBytes, Depth = Depth, Attributes = Attributes };
        return limits == XmlLimits.Default ? XmlLimits.Default : limits;
    }
}
