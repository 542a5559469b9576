using XmppChatClient.Forwarding;
using XmppChatClient.Xml;

namespace XmppChatClient.Archive;

/// <summary>XEP-0313 v1.1.3 §5.1 <c>&lt;result/&gt;</c>: one message of a page.</summary>
/// <param name="Id">Its id in the archive.</param>
/// <param name="QueryId">Of the query that this answers.</param>
/// <param name="Forwarded"><see langword="null"/> when the server has taken the message itself out of its archive (§3.2), or it
/// cannot be read.</param>
internal sealed record ArchiveResult(string Id, string? QueryId, Forwarded? Forwarded) : IPayload<ArchiveResult>
{
    public static XmlName Name { get; } = new(ArchiveRequest.Namespace, "result");

    public static ArchiveResult? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element.Attribute("id") is { Length: > 0 } id
            ? new ArchiveResult(id, element.Attribute("queryid"), element.Get<Forwarded>())
            : null;
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("queryid", QueryId);
        writer.WriteAttribute("id", Id);
        Forwarded?.Write(writer);
        writer.WriteEnd();
    }
}
