namespace XmppChatClient.Sasl;

/// <summary>What the user allows.</summary>
public sealed class SaslPolicy
{
    /// <summary>Whether PLAIN may be used, over TLS and when the server offers nothing better that we know. It gives
    /// the password to whoever holds the server's certificate. Default <see langword="false"/>.</summary>
    public bool AllowPlain { get; init; }

    /// <summary>When to go on without channel binding. Default <see cref="ChannelBindingDemand.Preferred"/>.</summary>
    public ChannelBindingDemand ChannelBinding { get; init; }
}
