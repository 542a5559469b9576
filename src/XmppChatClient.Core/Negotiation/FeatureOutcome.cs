namespace XmppChatClient.Negotiation;

/// <summary>What the stream needs after a feature was negotiated.</summary>
public enum FeatureOutcome
{
    /// <summary>Nothing: the next feature of the same list.</summary>
    Continue,

    /// <summary>A new stream, whose features are other ones (RFC 6120 §4.3.3).</summary>
    Restart,

    /// <summary>Nothing more: the stream carries stanzas.</summary>
    Ready,
}
