namespace XmppChatClient.Sasl;

/// <summary>What SCRAM says about channel binding, the <c>gs2-cbind-flag</c> of RFC 5802 §7.</summary>
public sealed class Gs2ChannelBinding
{
    private Gs2ChannelBinding(string flag) => Flag = flag;

    /// <summary>"n": we do not support it.</summary>
    public static Gs2ChannelBinding NotSupported { get; } = new("n");

    /// <summary>"n" because no announced type is one of ours, on the condition that the server proves its announcement
    /// with the hash of XEP-0474 (v0.5.0 §7, new rule 6).</summary>
    public static Gs2ChannelBinding NoneShared { get; } = new("n") { NeedsOfferHash = true };

    /// <summary>"y": we support it and believe the server does not. A server that does, then knows that its offer was
    /// tampered with.</summary>
    public static Gs2ChannelBinding NotOffered { get; } = new("y");

    /// <summary>"p": bind to the channel; makes it the -PLUS mechanism.</summary>
    public static Gs2ChannelBinding Bind(ChannelBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentException.ThrowIfNullOrEmpty(binding.Type);
        if (binding.Data.IsEmpty)
            throw new ArgumentException("A channel binding without data binds to nothing.", nameof(binding));
        return new Gs2ChannelBinding("p=" + binding.Type) { Binding = binding };
    }

    internal string Flag { get; }

    internal ChannelBinding? Binding { get; private init; }

    internal bool NeedsOfferHash { get; private init; }
}
