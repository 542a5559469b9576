namespace XmppChatClient.Sasl;

/// <summary>PLAIN (RFC 4616): the password itself, so only ever inside TLS. The server proves nothing; its
/// certificate must.</summary>
public sealed class PlainMechanism : ISaslMechanism
{
    private readonly OneMessageExchange _exchange = new("PLAIN");
    private readonly SaslCredentials _credentials;
    private readonly string _password;

    /// <exception cref="ArgumentException">Username or password is missing or has characters SASL does not
    /// allow.</exception>
    /// <exception cref="XmppSecurityException">The link is not encrypted.</exception>
    public PlainMechanism(SaslCredentials credentials, SaslLink link)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentNullException.ThrowIfNull(link);
        if (!link.IsEncrypted)
            throw new XmppSecurityException("PLAIN would send the password over a link without TLS.");
        if (credentials.Username.Length == 0)
            throw new ArgumentException("The username is empty.", nameof(credentials));

        SaslText.RequireClean(credentials.Username, nameof(credentials), "The username");
        SaslText.RequireClean(
            credentials.AuthorizationIdentity ?? "", nameof(credentials), "The authorization identity");
        _password = PasswordPreparation.Prepare(credentials.Password!);
        _credentials = credentials;
    }

    public string Name => "PLAIN";

    public ReadOnlyMemory<byte>? Start()
    {
        _exchange.Start();
        return SaslText.StrictUtf8.GetBytes(
            $"{_credentials.AuthorizationIdentity}\0{_credentials.Username}\0{_password}");
    }

    public ReadOnlyMemory<byte> Respond(ReadOnlySpan<byte> challenge) => _exchange.Respond();

    public void Complete(ReadOnlySpan<byte> additionalData) => _exchange.Complete(additionalData);
}
