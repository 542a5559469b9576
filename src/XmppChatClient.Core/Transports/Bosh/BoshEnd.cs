using XmppChatClient.Streams;
using XmppChatClient.Transports.Web;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.Bosh;

/// <summary>What it means that the server ended a session (XEP-0124 §17.2).</summary>
internal static class BoshEnd
{
    private const string StreamErrors = "urn:ietf:params:xml:ns:xmpp-streams";

    public const string SeeOtherUri = "see-other-uri";

    /// <param name="endpoint">For the message.</param>
    /// <returns><see langword="null"/> when it only closed the stream, or what it wrapped says why it did not.</returns>
    public static XmppException? Of(BoshBody body, string endpoint) => body.Wrapper.Attribute("condition") switch
    {
        // ejabberd names the latter without any error when it closes a stream in good order.
        null or "remote-stream-error" => null,
        SeeOtherUri => WebEndpoint.SentOn(body.Elements.FirstOrDefault(e => e.Name == BoshNames.Uri)?.Text.Trim() ?? ""),
        var condition => Of(condition, $"{endpoint} ended the BOSH session with {PeerText.OneLine(condition)}"),
    };

    /// <param name="what">What happened, for the message.</param>
    public static XmppException Of(string condition, string what) => condition switch
    {
        // Another session may begin at once.
        "item-not-found" => new XmppConnectionException($"{what}: it does not know it any more."),
        "other-request" => new XmppConnectionException($"{what}."),
        _ => new XmppStreamException(new StreamError(ConditionOf(condition), what)),
    };

    /// <summary>What the server answers in an older way, by a number (XEP-0124 §17.1).</summary>
    /// <returns><see langword="null"/> for other numbers.</returns>
    public static string? ConditionOf(int status) => status switch
    {
        400 => "bad-request",
        403 => "policy-violation",
        404 => "item-not-found",
        _ => null,
    };

    /// <summary>The elements that go up to whoever reads. In an older form of the protocol a stream error came without its tag.</summary>
    public static IEnumerable<XmppElement> ContentOf(BoshBody body)
    {
        if (!body.IsEnd)
        {
            return body.Elements;
        }

        var errors = body.Elements.Where(e => e.Name.Namespace == StreamErrors).ToArray();
        return body.Elements.Where(e => e.Name != BoshNames.Uri && e.Name.Namespace != StreamErrors)
            .Concat(errors.Length == 0 ? [] : [new XmppElement(StreamError.Name, [.. errors.Select(e => (XmlNode)e)])]);
    }

    private static StreamErrorCondition ConditionOf(string condition) => condition switch
    {
        "bad-request" => StreamErrorCondition.BadFormat,
        "host-gone" => StreamErrorCondition.HostGone,
        "host-unknown" => StreamErrorCondition.HostUnknown,
        "improper-addressing" => StreamErrorCondition.ImproperAddressing,
        "internal-server-error" => StreamErrorCondition.InternalServerError,
        "policy-violation" => StreamErrorCondition.PolicyViolation,
        "remote-connection-failed" => StreamErrorCondition.RemoteConnectionFailed,
        "system-shutdown" => StreamErrorCondition.SystemShutdown,
        _ => StreamErrorCondition.UndefinedCondition,
    };
}
