using System.Globalization;
using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.StreamManagement;

/// <summary>What stream management sends (XEP-0198 §3 to §6).</summary>
internal static class StreamManagementElements
{
    public const string Namespace = "urn:xmpp:sm:3";

    public static XmppElement Feature { get; } = new(Named("sm"));

    public static XmppElement Request { get; } = new(Named("r"));

    public static XmlName Named(string name) => new(Namespace, name);

    public static XmppElement Enabled(string? id, TimeSpan resumptionTime, string? location)
    {
        if (id is null)
        {
            return new XmppElement(Named("enabled"));
        }

        var attributes = new List<XmlAttribute>
        {
            new("id", id),
            new("resume", "true"),
            new("max", ((long)resumptionTime.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        };
        if (location is not null)
        {
            attributes.Add(new XmlAttribute("location", location));
        }

        return new XmppElement(Named("enabled"), [.. attributes]);
    }

    public static XmppElement Answer(uint handled) => new(Named("a"), [Count("h", handled)]);

    public static XmppElement Resumed(string id, uint handled) =>
        new(Named("resumed"), [new XmlAttribute("previd", id), Count("h", handled)]);

    /// <param name="handled">What the lost session had handled; null when that is not known.</param>
    public static XmppElement Failed(StanzaErrorCondition condition, uint? handled = null) => new(
        Named("failed"),
        handled is { } h ? [Count("h", h)] : [],
        // A stanza error has the same conditions, below an element that does not belong here.
        XmppElement.From(new StanzaError(StanzaErrorType.Cancel, condition)).Elements.ToArray()[0]);

    public static StreamError TooHigh(uint handled, uint sent) =>
        new(StreamErrorCondition.UndefinedCondition, $"You acknowledge {handled} stanzas, and {sent} were sent.")
        {
            Detail = new XmppElement(Named("handled-count-too-high"), [Count("h", handled), Count("send-count", sent)]),
        };

    public static StreamError TooLow(uint handled) => new(
        StreamErrorCondition.UndefinedCondition, $"You acknowledge {handled} stanzas, after you acknowledged more.");

    private static XmlAttribute Count(string name, uint count) => new(name, count.ToString(CultureInfo.InvariantCulture));
}
