namespace XmppChatClient.Sasl;

/// <summary>Who to log in as, and what proves it. Not a record: printing one must never print the password.</summary>
public sealed class SaslCredentials
{
    /// <summary>The account name, as a rule the localpart of the address. Needed with a password.</summary>
    public string Username { get; init; } = "";

    /// <summary>The password; <see langword="null"/> when there is none.</summary>
    public string? Password { get; init; }

    /// <summary>The identity to act as, when it is not the one that authenticates (RFC 4422 §3.4.1). Default: none,
    /// which is what nearly every account wants.</summary>
    public string? AuthorizationIdentity { get; init; }

    /// <summary>Whether the TLS connection presented a client certificate, so that EXTERNAL can work.</summary>
    public bool HasClientCertificate { get; init; }

    /// <summary>Whether to log in without an account. Nothing but ANONYMOUS is then tried, and without this
    /// never.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>What an anonymous user leaves behind (RFC 4505 §2): an address or a token, at most 255 characters.
    /// Default: nothing.</summary>
    public string? Trace { get; init; }
}
