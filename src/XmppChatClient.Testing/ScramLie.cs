namespace XmppChatClient.Testing;

/// <summary>What a server says in SCRAM (RFC 5802) that is not so.</summary>
public enum ScramLie
{
    /// <summary>A nonce that does not begin with the client's.</summary>
    Nonce,

    /// <summary>A salt of no length.</summary>
    Salt,

    /// <summary>One iteration, which makes a stolen proof easy to guess from.</summary>
    FewIterations,

    /// <summary>2,147,483,647 iterations, which keep a client busy.</summary>
    ManyIterations,

    /// <summary>A signature of zeros, as of a server that does not know the password.</summary>
    Signature,

    /// <summary>Success without a signature.</summary>
    NoSignature,
}
