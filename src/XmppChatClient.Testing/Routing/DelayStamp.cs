using System.Globalization;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Routing;

/// <summary>Says when something was sent that comes late (XEP-0203), or happened (XEP-0082).</summary>
internal static class DelayStamp
{
    public const string Namespace = "urn:xmpp:delay";

    public static XmlName Name { get; } = new(Namespace, "delay");

    /// <param name="by">Who has delayed it; null when that is clear.</param>
    public static XmppElement Of(DateTimeOffset at, Jid? by) => new(
        Name, by is null ? [new XmlAttribute("stamp", Text(at))] : [new XmlAttribute("from", by.ToString()), new XmlAttribute("stamp", Text(at))]);

    public static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
