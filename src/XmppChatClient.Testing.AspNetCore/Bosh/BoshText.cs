using System.Security;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Bosh;

/// <summary>What is written in wrappers (XEP-0124 v1.11.2, XEP-0206 v1.4).</summary>
internal static class BoshText
{
    public const string Namespace = "http://jabber.org/protocol/httpbind";
    public const string XmppNamespace = "urn:xmpp:xbosh";

    public static readonly XmlName Body = new(Namespace, "body");
    public static readonly XmlName Restart = new(XmppNamespace, "restart");

    /// <param name="attributes">Begins with a space, or is empty.</param>
    public static string Wrap(string attributes, string content = "") => content.Length == 0
        ? $"<body xmlns='{Namespace}'{attributes}/>"
        : $"<body xmlns='{Namespace}' xmlns:stream='{XmppNamespaces.Streams}'{attributes}>{content}</body>";

    public static string End(string? condition, string content = "") =>
        Wrap($" type='terminate'{(condition is null ? "" : $" condition='{condition}'")}", content);

    public static string Attribute(string name, string? value) => value is null ? "" : $" {name}='{SecurityElement.Escape(value)}'";

    /// <summary>The opening tag of the stream that a wrapper stands for.</summary>
    public static string StreamStart(string to, XmppElement body) =>
        $"<stream:stream xmlns='{XmppNamespaces.Client}' xmlns:stream='{XmppNamespaces.Streams}' version='1.0'"
        + $"{Attribute("to", to)}{Attribute("from", body.Attribute("from"))}{Attribute("xml:lang", body.Language)}>";
}
