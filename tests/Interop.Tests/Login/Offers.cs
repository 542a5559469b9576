using XmppChatClient.Xml;

namespace XmppChatClient.Interop.Tests.Login;

/// <summary>Reads and changes what servers offer to log in with, in both profiles of SASL.</summary>
internal static class Offers
{
    public const string Sasl = "mechanisms";
    public const string Sasl2 = "authentication";
    public const string Bindings = "sasl-channel-binding";

    /// <summary>The mechanisms that are offered in one profile.</summary>
    public static string[] Mechanisms(XmppElement features, string profile) =>
        [.. (Find(features, profile)?.Elements.ToArray() ?? []).Where(IsMechanism).Select(m => m.Text)];

    /// <summary>Takes mechanisms out of both.</summary>
    public static XmppElement Without(XmppElement features, Func<string, bool> mechanisms) => Map(
        features, e => e.Name.LocalName is Sasl or Sasl2
            ? new XmppElement(e.Name, e.Attributes, Array.FindAll(
                e.Content.ToArray(), n => n.Element is not { } child || !IsMechanism(child) || !mechanisms(child.Text)))
            : e);

    /// <summary>Takes a whole feature out.</summary>
    public static XmppElement Without(XmppElement features, string feature) =>
        Map(features, e => e.Name.LocalName == feature ? null : e);

    private static XmppElement? Find(XmppElement features, string name) =>
        features.Elements.ToArray().FirstOrDefault(e => e.Name.LocalName == name);

    private static bool IsMechanism(XmppElement element) => element.Name.LocalName == "mechanism";

    private static XmppElement Map(XmppElement features, Func<XmppElement, XmppElement?> change) =>
        features.Name.LocalName != "features" ? features : new XmppElement(
            features.Name, features.Attributes,
            [.. features.Elements.ToArray().Select(change).OfType<XmppElement>().Select(XmlNode.FromElement)]);
}
