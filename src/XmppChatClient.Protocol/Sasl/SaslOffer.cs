namespace XmppChatClient.Sasl;

/// <summary>What the server announced before authentication, as it came: XEP-0474 hashes these lists, so nothing may be
/// left out, sorted or corrected.</summary>
public sealed class SaslOffer
{
    /// <summary>The names of the mechanisms, of the one profile in use.</summary>
    public required IReadOnlyList<string> Mechanisms { get; init; }

    /// <summary>The types in XEP-0440's <c>&lt;sasl-channel-binding/&gt;</c>; <see langword="null"/> when the element
    /// was not there, which is not the same as an empty one.</summary>
    public IReadOnlyList<string>? ChannelBindingTypes { get; init; }

    /// <summary>Whether the mechanisms come from XEP-0388's <c>&lt;authentication/&gt;</c>: XEP-0440 v1.0.0 §3 is
    /// stricter there.</summary>
    public bool IsSasl2 { get; init; }
}
