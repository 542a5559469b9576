using XmppChatClient.Xml;

namespace XmppChatClient.Testing;

/// <summary>How much a client may make the server hold, and how long it may take.</summary>
public sealed record XmppTestServerLimits
{
    /// <summary>Longest a stanza from a client may be, in bytes of UTF-8. Default 262,144. A longer one ends the stream with
    /// policy-violation.</summary>
    public int StanzaBytes { get; init; } = 262_144;

    /// <summary>How long a client that is logged in may send nothing, by the server's clock. Default <see langword="null"/>, for
    /// ever; else its connection is closed with connection-timeout. Whole seconds, at least one.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>Whether clients are told <see cref="StanzaBytes"/> and <see cref="Idle"/> (XEP-0478). Default
    /// <see langword="true"/>.</summary>
    public bool Announce { get; init; } = true;

    /// <summary>How deep elements of a stanza may nest. Default 64.</summary>
    public int Depth { get; init; } = XmlLimits.Default.Depth;

    /// <summary>How many stanzas may wait for a client that does not read before it is cut off. Default 5,000.</summary>
    public int OutboundStanzas { get; init; } = 5_000;

    /// <summary>How many stanzas may wait for a client's acknowledgement (XEP-0198) before its session ends with
    /// policy-violation. Default 5,000.</summary>
    public int UnacknowledgedStanzas { get; init; } = 5_000;

    /// <summary>How many messages are kept for an account while it is offline. Default 100; what comes then is refused with
    /// resource-constraint.</summary>
    public int OfflineMessages { get; init; } = 100;

    /// <summary>How many messages an archive keeps, of an account or a room. Default 10,000; then the oldest go.</summary>
    public int ArchivedMessages { get; init; } = 10_000;

    /// <summary>How often a client may fail to log in before its stream ends with policy-violation. Default 5.</summary>
    public int LoginAttempts { get; init; } = 5;

    /// <summary>From the open connection to the bound resource, by the server's clock. Default 30 s; then the stream ends with
    /// connection-timeout.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(30);

    internal XmlLimits ToXmlLimits() => XmlLimits.Default with { StanzaBytes = StanzaBytes, Depth = Depth };
}
