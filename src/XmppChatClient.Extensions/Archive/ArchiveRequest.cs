using XmppChatClient.Forms;
using XmppChatClient.ResultSets;
using XmppChatClient.Timestamps;
using XmppChatClient.Xml;

namespace XmppChatClient.Archive;

/// <summary>XEP-0313 v1.1.3 §4 <c>&lt;query/&gt;</c>: asks for one page.</summary>
/// <param name="QueryId">What the results will carry.</param>
internal sealed record ArchiveRequest(string QueryId, ArchiveQuery Query) : IPayload
{
    public const string Namespace = "urn:xmpp:mam:2";

    private static readonly XmlName Name = new(Namespace, "query");

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("queryid", QueryId);
        if (Query is not { With: null, Start: null, End: null })
        {
            Form().Write(writer);
        }

        new ResultSet
        {
            Max = Query.PageSize,
            After = Query.NewestFirst ? null : Query.Position,
            Before = Query.NewestFirst ? Query.Position ?? "" : null,
        }.Write(writer);
        writer.WriteEnd();
    }

    private DataForm Form()
    {
        var form = DataForm.Submission(Namespace);
        form = Query.With is null ? form : form.With("with", Query.With.ToString());
        form = Query.Start is { } start ? form.With("start", Timestamp.Format(start)) : form;
        return Query.End is { } end ? form.With("end", Timestamp.Format(end)) : form;
    }
}
