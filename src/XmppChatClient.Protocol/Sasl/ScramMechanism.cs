using System.Security.Cryptography;
using System.Text;

namespace XmppChatClient.Sasl;

/// <summary>SCRAM on any of its hash functions, with and without channel binding (RFC 5802, RFC 7677), and with the
/// downgrade protection of XEP-0474 v0.5.0 when told what the server offered.</summary>
public sealed class ScramMechanism : ISaslMechanism
{
    private enum Step
    {
        Start,
        ServerFirst,
        ServerFinal,
        Proven,
        Done,
    }

    private readonly ScramHash _hash;
    private readonly Gs2ChannelBinding _binding;
    private readonly SaslOffer? _offer;
    private readonly ScramOptions _options;
    private readonly string _gs2Header;
    private readonly string _name;
    private readonly string _password;

    private Step _step;
    private string _clientNonce = "";
    private string _clientFirstBare = "";
    private byte[] _serverSignature = [];
    private ScramServerFirst? _serverFirst;
    private ScramKeys? _keys;

    /// <param name="hash">The hash function.</param>
    /// <param name="binding">What to say about channel binding; decides whether this is the -PLUS mechanism.</param>
    /// <param name="credentials">Username and password are needed.</param>
    /// <param name="offer">What the server announced; <see langword="null"/> leaves a hash of it unchecked.</param>
    /// <param name="options">Limits, nonce source and key cache.</param>
    /// <exception cref="ArgumentException">Username or password is missing or has characters SASL does not
    /// allow.</exception>
    public ScramMechanism(
        ScramHash hash,
        Gs2ChannelBinding binding,
        SaslCredentials credentials,
        SaslOffer? offer = null,
        ScramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hash);
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(credentials);

        _hash = hash;
        _binding = binding;
        _offer = offer;
        _options = options ?? new ScramOptions();
        _password = PasswordPreparation.Prepare(credentials.Password!);
        _name = ScramName.Escape(credentials.Username, "The username");
        var authorization = credentials.AuthorizationIdentity is { Length: > 0 } identity
            ? "a=" + ScramName.Escape(identity, "The authorization identity")
            : "";
        _gs2Header = $"{binding.Flag},{authorization},";
    }

    public string Name => _binding.Binding is null ? _hash.Mechanism : _hash.MechanismPlus;

    public ReadOnlyMemory<byte>? Start()
    {
        if (_step != Step.Start)
            throw ExchangeMisuse.AlreadyBegun();

        _clientNonce = ScramNonce.New(_options);
        _clientFirstBare = $"n={_name},r={_clientNonce}";
        _step = Step.ServerFirst;
        return Encoding.UTF8.GetBytes(_gs2Header + _clientFirstBare);
    }

    public ReadOnlyMemory<byte> Respond(ReadOnlySpan<byte> challenge)
    {
        var step = Leave();
        switch (step)
        {
            case Step.ServerFirst:
                var response = AnswerServerFirst(challenge);
                _step = Step.ServerFinal;
                return response;
            case Step.ServerFinal:
                VerifyServerFinal(challenge);
                _step = Step.Proven;
                return ReadOnlyMemory<byte>.Empty;
            default:
                throw new XmppSecurityException("The server sent one more challenge than SCRAM has.");
        }
    }

    public void Complete(ReadOnlySpan<byte> additionalData)
    {
        var step = Leave();
        switch (step)
        {
            case Step.ServerFirst:
                throw Unproven("before it asked for a proof");
            case Step.ServerFinal when additionalData.IsEmpty:
                _keys!.Dispose();
                throw Unproven("without its signature");
            case Step.ServerFinal:
                VerifyServerFinal(additionalData);
                break;
            case Step.Proven when !additionalData.IsEmpty:
                throw new XmppSecurityException("The server sent data with its success after SCRAM's last message.");
        }
    }

    // Every way out of a step but the good one leaves the exchange ended.
    private Step Leave()
    {
        var step = _step;
        if (step is Step.Start or Step.Done)
            throw ExchangeMisuse.NotUnderWay();

        _step = Step.Done;
        return step;
    }

    private byte[] AnswerServerFirst(ReadOnlySpan<byte> challenge)
    {
        var first = ScramServerFirst.Read(challenge, _clientNonce, _options);
        OfferHash.Verify(first.OfferHash, _binding.NeedsOfferHash, _offer, _hash);

        var withoutProof = $"c={Convert.ToBase64String(ChannelBindingInput())},r={first.Nonce}";
        var authMessage = Encoding.UTF8.GetBytes(
            $"{_clientFirstBare},{Encoding.UTF8.GetString(challenge)},{withoutProof}");

        var keys = FindKeys(first);
        var proof = _hash.Hmac(_hash.Hash(keys.ClientKey), authMessage);
        for (var i = 0; i < proof.Length; i++)
            proof[i] ^= keys.ClientKey[i];

        _serverSignature = _hash.Hmac(keys.ServerKey, authMessage);
        (_serverFirst, _keys) = (first, keys);
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    private byte[] ChannelBindingInput()
    {
        var header = Encoding.UTF8.GetBytes(_gs2Header);
        return _binding.Binding is { } binding ? [.. header, .. binding.Data.Span] : header;
    }

    private ScramKeys FindKeys(ScramServerFirst first) =>
        _options.KeyCache?.Find(_hash, _password, first.Salt, first.Iterations)
        ?? ScramKeys.Derive(_hash, _password, first.Salt, first.Iterations);

    private void VerifyServerFinal(ReadOnlySpan<byte> message)
    {
        using var keys = _keys!;
        var attributes = ScramAttributes.Parse(message);
        if (attributes.Take('e') is { } error)
            throw ScramRefusal.From(error);

        var signature = SaslText.DecodeBase64(attributes.Require('v'));
        attributes.TakeExtensions(wanted: default);
        if (signature is null || !CryptographicOperations.FixedTimeEquals(signature, _serverSignature))
            throw new XmppSecurityException("The server's signature is wrong: it does not know the password.");

        // Only now: what a server that lies makes us compute is not worth keeping.
        _options.KeyCache?.Keep(_hash, _password, _serverFirst!.Salt, _serverFirst.Iterations, keys);
    }

    private static XmppSecurityException Unproven(string when) =>
        new($"The server reports success {when}: it has not shown that it knows the password.");
}
