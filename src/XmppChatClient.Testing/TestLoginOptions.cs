namespace XmppChatClient.Testing;

/// <summary>What logins can do beyond RFC 6120. All of it by default, as in servers of today; a client that is to find none of it
/// gets <see cref="Sasl2"/> = false.</summary>
public sealed record TestLoginOptions
{
    /// <summary>Whether SASL2 (XEP-0388 v1.0.4) is offered over TLS, with resumption inline. Default <see langword="true"/>.</summary>
    public bool Sasl2 { get; init; } = true;

    /// <summary>Whether Bind 2 (XEP-0386 v1.0.1) is offered with it. What was kept for an account that archives is then dropped, as in
    /// ejabberd. Default <see langword="true"/>.</summary>
    public bool Bind2 { get; init; } = true;

    /// <summary>Whether tokens (FAST, XEP-0484 v0.2.0) are offered with it. Default <see langword="true"/>.</summary>
    public bool Fast { get; init; } = true;

    /// <summary>Whether tokens can be bound to the channel. Default <see langword="true"/>; Prosody's cannot over TLS 1.3, but for
    /// clients that have tls-exporter.</summary>
    public bool BoundTokens { get; init; } = true;

    /// <summary>How long a token is good for, by the server's clock. Default 21 days.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromDays(21);

    /// <summary>After how long whoever uses a token gets a new one. Default one day; zero at each login.</summary>
    public TimeSpan TokenRotation { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whether SCRAM carries a hash over the offer (XEP-0474 v0.5.0). Default <see langword="true"/>.</summary>
    public bool OfferHash { get; init; } = true;
}
