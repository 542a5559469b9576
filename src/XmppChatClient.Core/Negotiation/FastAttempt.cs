using XmppChatClient.Sasl;

namespace XmppChatClient.Negotiation;

/// <summary>A login with a token.</summary>
internal sealed record FastAttempt(FastToken Token, HashedTokenMechanism Mechanism);
