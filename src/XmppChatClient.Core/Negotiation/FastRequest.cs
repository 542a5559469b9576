using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>A wish for a token.</summary>
/// <param name="Mechanism">What it is to be used with.</param>
/// <param name="Element">What says so.</param>
internal sealed record FastRequest(string Mechanism, XmppElement Element);
