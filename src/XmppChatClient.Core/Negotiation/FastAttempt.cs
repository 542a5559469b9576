using XmppChatClient.Sasl;

namespace XmppChatClient.Negotiation;

/// <summary>A login with a token.</summary>
internal sealed record FastAttempt(FastToken Token, HashedTokenMechanism Mechanism)
{
    /// <summary>Whether somebody who has heard this login could send it once more: then the token is to be of no use any more.</summary>
    public bool IsOnlyUse => Mechanism.Name != HashedTokenMechanism.NameFor(ChannelBindingTypes.TlsUnique);
}
