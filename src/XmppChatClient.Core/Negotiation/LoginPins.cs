namespace XmppChatClient.Negotiation;

/// <summary>What logins had that succeeded, and must have from then on.</summary>
[Flags]
internal enum LoginPins
{
    None = 0,

    /// <summary>A proof of the password instead of the password.</summary>
    Proof = 1,

    ChannelBinding = 2,

    Sasl2 = 4,
}
