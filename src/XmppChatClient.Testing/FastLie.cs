namespace XmppChatClient.Testing;

/// <summary>What a server says to a client that logs in with a token (XEP-0484) that is not so.</summary>
public enum FastLie
{
    /// <summary>A proof of zeros, as of a server that does not know the token.</summary>
    Proof,

    /// <summary>Success without a proof.</summary>
    NoProof,
}
