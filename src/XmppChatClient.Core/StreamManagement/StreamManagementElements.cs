using System.Globalization;
using XmppChatClient.Xml;

namespace XmppChatClient.StreamManagement;

/// <summary>What stream management sends beside stanzas (XEP-0198 v1.6.3).</summary>
internal static class StreamManagementElements
{
    public const string Namespace = "urn:xmpp:sm:3";

    public static readonly XmlName Feature = new(Namespace, "sm");
    public static readonly XmlName Enabled = new(Namespace, "enabled");
    public static readonly XmlName Resumed = new(Namespace, "resumed");
    public static readonly XmlName Failed = new(Namespace, "failed");
    public static readonly XmlName RequestName = new(Namespace, "r");
    public static readonly XmlName AnswerName = new(Namespace, "a");

    /// <summary>Asks how many stanzas the server has handled.</summary>
    public static readonly XmppElement Request = new(RequestName);

    /// <summary>Says how many stanzas we have handled.</summary>
    public static XmppElement Answer(uint handled) => new(AnswerName, [Count("h", handled)]);

    /// <param name="resume">Whether the session is to outlive its connection.</param>
    public static XmppElement Enable(bool resume) =>
        new(new XmlName(Namespace, "enable"), resume ? [new XmlAttribute("resume", "true")] : []);

    public static XmppElement Resume(string id, uint handled) =>
        new(new XmlName(Namespace, "resume"), [Count("h", handled), new XmlAttribute("previd", id)]);

    /// <summary>The application's condition of the error that ends a stream whose peer counts wrong (XEP-0198 §4).</summary>
    public static XmppElement TooHigh(uint handled, uint sent) =>
        new(new XmlName(Namespace, "handled-count-too-high"), [Count("h", handled), Count("send-count", sent)]);

    /// <summary>How many stanzas the server says it has handled; <see langword="null"/> when it does not say so.</summary>
    public static uint? ReadCount(XmppElement element) =>
        uint.TryParse(element.Attribute("h"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private static XmlAttribute Count(string name, uint count) => new(name, count.ToString(CultureInfo.InvariantCulture));
}
