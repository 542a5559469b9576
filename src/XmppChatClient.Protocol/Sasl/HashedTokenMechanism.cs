using System.Security.Cryptography;

namespace XmppChatClient.Sasl;

/// <summary>HT-SHA-256 (draft-schmaus-kitten-sasl-ht-09): one message from each side proves that it knows a token. For the tokens
/// of XEP-0484.</summary>
public sealed class HashedTokenMechanism : ISaslMechanism
{
    private readonly OneMessageExchange _exchange;
    private readonly string _username;
    private readonly byte[] _token;
    private readonly ReadOnlyMemory<byte> _bound;

    /// <param name="username">The account name.</param>
    /// <param name="token">As the server gave it.</param>
    /// <param name="binding">What to bind to, which decides on the mechanism; <see langword="null"/> for nothing.</param>
    /// <exception cref="ArgumentException">One of them is empty, or cannot be used.</exception>
    public HashedTokenMechanism(string username, string token, ChannelBinding? binding)
    {
        ArgumentException.ThrowIfNullOrEmpty(username);
        ArgumentException.ThrowIfNullOrEmpty(token);
        SaslText.RequireClean(username, nameof(username), "The username");
        Name = NameFor(binding?.Type)
            ?? throw new ArgumentException("There is no HT mechanism for this type of channel binding.", nameof(binding));
        _exchange = new OneMessageExchange(Name);
        _username = username;
        _token = SaslText.StrictUtf8.GetBytes(token);
        _bound = binding?.Data ?? default;
    }

    public string Name { get; }

    /// <summary>The mechanism that binds to a channel so.</summary>
    /// <param name="bindingType">One of <see cref="ChannelBindingTypes"/>; <see langword="null"/> for none.</param>
    /// <returns><see langword="null"/> when there is none.</returns>
    public static string? NameFor(string? bindingType) => bindingType switch
    {
        null => "HT-SHA-256-NONE",
        ChannelBindingTypes.TlsUnique => "HT-SHA-256-UNIQ",
        ChannelBindingTypes.TlsServerEndPoint => "HT-SHA-256-ENDP",
        _ => null,
    };

    public ReadOnlyMemory<byte>? Start()
    {
        _exchange.Start();
        return (byte[])[.. SaslText.StrictUtf8.GetBytes(_username), 0, .. Proof("Initiator"u8)];
    }

    public ReadOnlyMemory<byte> Respond(ReadOnlySpan<byte> challenge) => _exchange.Respond();

    public void Complete(ReadOnlySpan<byte> additionalData)
    {
        _exchange.Complete(default);
        if (!CryptographicOperations.FixedTimeEquals(additionalData, Proof("Responder"u8)))
        {
            throw new XmppSecurityException(additionalData.IsEmpty
                ? "The server reports success without its proof: it has not shown that it knows the token."
                : "The server's proof is wrong: it does not know the token, or it sees another TLS connection.");
        }
    }

    private byte[] Proof(ReadOnlySpan<byte> side) => HMACSHA256.HashData(_token, (byte[])[.. side, .. _bound.Span]);
}
