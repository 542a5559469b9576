using XmppChatClient.ResultSets;
using XmppChatClient.Timestamps;
using XmppChatClient.Xml;

namespace XmppChatClient.Archive;

/// <summary>XEP-0313 v1.1.3 §4 <c>&lt;query/&gt;</c>: asks for one page.</summary>
/// <param name="QueryId">What the results will carry.</param>
internal sealed record ArchiveRequest(string QueryId, ArchiveQuery Query) : IPayload
{
    public const string Namespace = "urn:xmpp:mam:2";

    private const string FormNamespace = "jabber:x:data";

    private static readonly XmlName Name = new(Namespace, "query");
    private static readonly XmlName FormName = new(FormNamespace, "x");
    private static readonly XmlName FieldName = new(FormNamespace, "field");
    private static readonly XmlName ValueName = new(FormNamespace, "value");

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("queryid", QueryId);
        if (Query is not { With: null, Start: null, End: null })
        {
            WriteForm(writer);
        }

        new ResultSet
        {
            Max = Query.PageSize,
            After = Query.NewestFirst ? null : Query.Position,
            Before = Query.NewestFirst ? Query.Position ?? "" : null,
        }.Write(writer);
        writer.WriteEnd();
    }

    private void WriteForm(XmlStreamWriter writer)
    {
        writer.WriteStart(FormName);
        writer.WriteAttribute("type", "submit");
        WriteField(writer, "FORM_TYPE", Namespace, "hidden");
        WriteField(writer, "with", Query.With?.ToString());
        WriteField(writer, "start", Query.Start is { } start ? Timestamp.Format(start) : null);
        WriteField(writer, "end", Query.End is { } end ? Timestamp.Format(end) : null);
        writer.WriteEnd();
    }

    private static void WriteField(XmlStreamWriter writer, string name, string? value, string? type = null)
    {
        if (value is not null)
        {
            writer.WriteStart(FieldName);
            writer.WriteAttribute("var", name);
            writer.WriteAttribute("type", type);
            writer.WriteElement(ValueName, value);
            writer.WriteEnd();
        }
    }
}
