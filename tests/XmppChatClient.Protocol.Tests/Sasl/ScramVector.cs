using XmppChatClient.Sasl;

namespace XmppChatClient.Tests.Sasl;

/// <summary>A whole exchange of user "user" with password "pencil", as text.</summary>
public sealed record ScramVector(
    ScramHash Hash, string ClientNonce, string ClientFirst, string ServerFirst, string ClientFinal, string ServerFinal)
{
    /// <summary>RFC 5802 §5.</summary>
    public static ScramVector Sha1 { get; } = new(
        ScramHash.Sha1,
        "fyko+d2lbbFgONRv9qkxdawL",
        "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");

    /// <summary>RFC 7677 §3.</summary>
    public static ScramVector Sha256 { get; } = new(
        ScramHash.Sha256,
        "rOprNGfwEbeRWgbNEkqO",
        "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");

    /// <summary>The inputs of RFC 7677 §3 under SHA-512. No document gives a vector: the outputs were computed with
    /// Python's hashlib.pbkdf2_hmac and hmac, by a script that also reproduces the two vectors above.</summary>
    public static ScramVector Sha512 { get; } = new(
        ScramHash.Sha512,
        "rOprNGfwEbeRWgbNEkqO",
        "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0," +
            "p=gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==",
        "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw==");

    public static TheoryData<ScramVector> All => [Sha1, Sha256, Sha512];

    public ScramMechanism Mechanism(ScramOptions? options = null) => new(
        Hash,
        Gs2ChannelBinding.NotSupported,
        new SaslCredentials { Username = "user", Password = "pencil" },
        offer: null,
        options ?? new ScramOptions { NonceSource = () => ClientNonce });

    /// <summary>A mechanism that waits for the server's first message.</summary>
    public ScramMechanism Started()
    {
        var mechanism = Mechanism();
        mechanism.Start();
        return mechanism;
    }

    /// <summary>A mechanism that waits for the server's last message.</summary>
    public ScramMechanism Proved()
    {
        var mechanism = Started();
        mechanism.RespondText(ServerFirst);
        return mechanism;
    }

    public override string ToString() => Hash.Mechanism;
}
