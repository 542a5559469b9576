using System.Globalization;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Archive;

/// <summary>Reads queries, and writes the form that tells what they may hold (XEP-0313 §4.1 and §4.2). As in Prosody, a field
/// that it does not know is of no matter.</summary>
internal static class ArchiveForm
{
    // Who names no number gets as many as from Prosody.
    private const int UsualPage = 20;

    private const string Data = "jabber:x:data";
    private const string PageNamespace = "http://jabber.org/protocol/rsm";

    public static XmppElement Empty { get; } = new(
        new XmlName(Data, "x"),
        [new XmlAttribute("type", "form")],
        Field("FORM_TYPE", "hidden", new XmppElement(new XmlName(Data, "value"), ArchiveAnswers.Namespace)),
        Field("with", "jid-single"), Field("start", "text-single"), Field("end", "text-single"),
        Field("before-id", "text-single"), Field("after-id", "text-single"), Field("ids", "list-multi"));

    /// <param name="element">The &lt;query/&gt; or what stands for it.</param>
    /// <param name="problem">What is wrong with the query, when null is returned.</param>
    public static ArchiveQuery? Read(XmppElement element, int pageSize, out string problem)
    {
        var query = new ArchiveQuery
        {
            Max = Math.Min(UsualPage, pageSize), IsFlipped = element.Child(ArchiveAnswers.Namespace, "flip-page") is not null,
        };
        if (element.Child(PageNamespace, "set") is { } set)
        {
            var max = set.Child(PageNamespace, "max")?.Text;
            var number = query.Max;
            if (max is not null && !int.TryParse(max, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            {
                problem = $"{max} is no number of messages.";
                return null;
            }

            query = query with
            {
                Max = Math.Min(number, pageSize),
                PageAfter = set.Child(PageNamespace, "after")?.Text,
                PageBefore = set.Child(PageNamespace, "before")?.Text,
            };
        }

        problem = "";
        return element.Child(Data, "x") is { } form ? Read(form, query, out problem) : query;
    }

    /// <summary>Whether a page is asked for by its place, which neither server does.</summary>
    public static bool HasIndex(XmppElement query) => query.Child(PageNamespace, "set")?.Child(PageNamespace, "index") is not null;

    private static XmppElement Field(string name, string type, params ReadOnlySpan<XmlNode> content) => new(
        new XmlName(Data, "field"), [new XmlAttribute("var", name), new XmlAttribute("type", type)], content);

    private static ArchiveQuery? Read(XmppElement form, ArchiveQuery query, out string problem)
    {
        var type = "";
        problem = "";
        foreach (var field in form.Elements)
        {
            var values = field.Elements.ToArray().Where(e => e.Name.LocalName == "value").Select(e => e.Text).ToArray();
            if (values.Length == 0)
            {
                continue;
            }

            var value = values[0];
            switch (field.Attribute("var"))
            {
                case "FORM_TYPE":
                    type = value;
                    break;
                case "with":
                    if (!Jid.TryParse(value, out var with))
                    {
                        problem = $"{value} is no address.";
                        return null;
                    }

                    query = query with { With = with };
                    break;
                case "start" or "end":
                    if (!TryTime(value, out var time))
                    {
                        problem = $"{value} is no time.";
                        return null;
                    }

                    query = field.Attribute("var") == "start" ? query with { Start = time } : query with { End = time };
                    break;
                case "after-id":
                    query = query with { AfterId = value };
                    break;
                case "before-id":
                    query = query with { BeforeId = value };
                    break;
                case "ids":
                    query = query with { Ids = values };
                    break;
            }
        }

        problem = $"The form's type is not {ArchiveAnswers.Namespace}.";
        return type == ArchiveAnswers.Namespace ? query : null;
    }

    // XEP-0082 §3.2: never without an offset.
    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
        && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal));
}
