using XmppChatClient.Xml;

namespace XmppChatClient.Streams;

/// <summary>RFC 6120 §4.9.3, in its order.</summary>
public enum StreamErrorCondition
{
    BadFormat,
    BadNamespacePrefix,
    Conflict,
    ConnectionTimeout,
    HostGone,
    HostUnknown,
    ImproperAddressing,
    InternalServerError,
    InvalidFrom,
    InvalidNamespace,
    InvalidXml,
    NotAuthorized,
    NotWellFormed,
    PolicyViolation,
    RemoteConnectionFailed,
    Reset,
    ResourceConstraint,
    RestrictedXml,
    SeeOtherHost,
    SystemShutdown,
    UndefinedCondition,
    UnsupportedEncoding,
    UnsupportedFeature,
    UnsupportedStanzaType,
    UnsupportedVersion,
}

/// <summary>The names of <see cref="StreamErrorCondition"/> on the wire.</summary>
public static class StreamErrorConditions
{
    private static readonly WireNames<StreamErrorCondition> Names = new();

    /// <summary>The element's name, such as <c>not-well-formed</c>.</summary>
    public static string ToWireName(this StreamErrorCondition condition) => Names.ToWire(condition);

    /// <summary>The condition of an element's name; an unknown one is <see cref="StreamErrorCondition.UndefinedCondition"/>.
    /// </summary>
    public static StreamErrorCondition FromWireName(string name) =>
        Names.TryParse(name, out var condition) ? condition : StreamErrorCondition.UndefinedCondition;
}
