using XmppChatClient.ResultSets;
using XmppChatClient.Xml;

namespace XmppChatClient.Archive;

/// <summary>XEP-0313 v1.1.3 §4 <c>&lt;fin/&gt;</c>: the end of a page.</summary>
internal sealed record ArchiveFin : IPayload<ArchiveFin>
{
    public static XmlName Name { get; } = new(ArchiveRequest.Namespace, "fin");

    /// <summary>Whether there is nothing more in the direction that was asked for.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Whether the same query will have the same answer again.</summary>
    public bool IsStable { get; init; } = true;

    public ResultSet Page { get; init; } = new();

    public static ArchiveFin? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return new ArchiveFin
        {
            IsComplete = element.Attribute("complete") is "true" or "1",
            IsStable = element.Attribute("stable") is not ("false" or "0"),
            Page = element.Get<ResultSet>() ?? new ResultSet(),
        };
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("complete", IsComplete ? "true" : null);
        writer.WriteAttribute("stable", IsStable ? null : "false");
        Page.Write(writer);
        writer.WriteEnd();
    }
}
