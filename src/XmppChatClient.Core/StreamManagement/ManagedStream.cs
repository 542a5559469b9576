using XmppChatClient.Negotiation;
using XmppChatClient.Xml;

namespace XmppChatClient.StreamManagement;

/// <summary>What the server agreed to when stream management was enabled (XEP-0198 §3).</summary>
/// <param name="ResumeId">Names the session in order to resume it; <see langword="null"/> when it cannot be.</param>
/// <param name="Location">Where the server would like it to be resumed, as <c>host:port</c>; <see langword="null"/> for no
/// wish.</param>
internal sealed record ManagedStream(string? ResumeId, string? Location)
{
    /// <param name="enabled">The server's answer.</param>
    public static ManagedStream Read(XmppElement enabled, StreamNegotiation negotiation)
    {
        var resumable = negotiation.WantsResumption && enabled.Attribute("resume") is "true" or "1";
        return new ManagedStream(resumable ? enabled.Attribute("id") : null, enabled.Attribute("location"));
    }
}
