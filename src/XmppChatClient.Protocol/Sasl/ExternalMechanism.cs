namespace XmppChatClient.Sasl;

/// <summary>EXTERNAL (RFC 4422 appendix A): the client certificate of the TLS connection says who we are; here we
/// only name whom to act as, or nobody to leave it to the server (XEP-0178 v1.2).</summary>
public sealed class ExternalMechanism : ISaslMechanism
{
    private readonly OneMessageExchange _exchange = new("EXTERNAL");
    private readonly string _authorizationIdentity;

    /// <exception cref="ArgumentException">The identity has characters SASL does not allow.</exception>
    public ExternalMechanism(string? authorizationIdentity = null)
    {
        _authorizationIdentity = authorizationIdentity ?? "";
        SaslText.RequireClean(_authorizationIdentity, nameof(authorizationIdentity), "The authorization identity");
    }

    public string Name => "EXTERNAL";

    public ReadOnlyMemory<byte>? Start()
    {
        _exchange.Start();
        return SaslText.StrictUtf8.GetBytes(_authorizationIdentity);
    }

    public ReadOnlyMemory<byte> Respond(ReadOnlySpan<byte> challenge) => _exchange.Respond();

    public void Complete(ReadOnlySpan<byte> additionalData) => _exchange.Complete(additionalData);
}
