using System.Globalization;
using XmppChatClient.Xml;

namespace XmppChatClient.ResultSets;

/// <summary>XEP-0059 v1.0 <c>&lt;set/&gt;</c>: which page of a list is asked for, or which one this is. Numbers that are none are
/// left out: the ids beside them are what is needed to go on.</summary>
public sealed record ResultSet : IPayload<ResultSet>
{
    private const string Namespace = "http://jabber.org/protocol/rsm";

    private static readonly XmlName MaxName = new(Namespace, "max");
    private static readonly XmlName AfterName = new(Namespace, "after");
    private static readonly XmlName BeforeName = new(Namespace, "before");
    private static readonly XmlName FirstName = new(Namespace, "first");
    private static readonly XmlName LastName = new(Namespace, "last");
    private static readonly XmlName CountName = new(Namespace, "count");

    public static XmlName Name { get; } = new(Namespace, "set");

    /// <summary>Asked: the most items that may come. 0 asks for the count alone.</summary>
    public int? Max { get; init; }

    /// <summary>Asked: the page right after the item of this id.</summary>
    public string? After { get; init; }

    /// <summary>Asked: the page right before the item of this id; empty for the last page.</summary>
    public string? Before { get; init; }

    /// <summary>Answered: the id of the page's first item; <see langword="null"/> when it has none.</summary>
    public string? First { get; init; }

    /// <summary>Answered: the id of the page's last item; <see langword="null"/> when it has none.</summary>
    public string? Last { get; init; }

    /// <summary>Answered: how many items there are on all pages, perhaps roughly.</summary>
    public int? Count { get; init; }

    public static ResultSet? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return new ResultSet
        {
            Max = Number(element.Element(MaxName)),
            After = element.Element(AfterName)?.Text,
            Before = element.Element(BeforeName)?.Text,
            First = Id(element.Element(FirstName)),
            Last = Id(element.Element(LastName)),
            Count = Number(element.Element(CountName)),
        };
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        WriteField(writer, MaxName, Max?.ToString(CultureInfo.InvariantCulture));
        WriteField(writer, AfterName, After);
        WriteField(writer, BeforeName, Before);
        WriteField(writer, FirstName, First);
        WriteField(writer, LastName, Last);
        WriteField(writer, CountName, Count?.ToString(CultureInfo.InvariantCulture));
        writer.WriteEnd();
    }

    private static int? Number(XmppElement? element) =>
        int.TryParse(element?.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Id(XmppElement? element) => element?.Text is { Length: > 0 } id ? id : null;

    private static void WriteField(XmlStreamWriter writer, XmlName name, string? text)
    {
        if (text is not null)
        {
            writer.WriteElement(name, text);
        }
    }
}
