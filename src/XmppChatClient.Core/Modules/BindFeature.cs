using XmppChatClient.Xml;

namespace XmppChatClient.Modules;

/// <summary>Something that is switched on together with the resource.</summary>
/// <param name="Feature">What servers call it.</param>
/// <param name="Request">What asks for it.</param>
/// <param name="IsOn">Told whether it was.</param>
internal sealed record BindFeature(string Feature, XmppElement Request, Action<bool> IsOn);
