using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Login;

/// <summary>The server's side of SCRAM (RFC 5802 §5), with channel binding or without.</summary>
internal sealed class ScramExchange(
    ServerEngine server, ServerConnection connection, ScramVariant variant, bool bindsChannel, LoginOffer offer) : ISaslExchange
{
    /// <summary>The one type there is: the platform exports no keying material, which tls-exporter takes.</summary>
    public const string BindingType = "tls-server-end-point";

    private ServerAccount? _account;
    private ScramKeys? _keys;
    private string _header = "";
    private string _clientFirst = "";
    private string _serverFirst = "";
    private string _nonce = "";

    public bool ClientBegins => true;

    public SaslStep Next(byte[] message)
    {
        if (!SaslText.TryRead(message, out var text))
        {
            return SaslRefusal.Malformed("This is not UTF-8.");
        }

        return _keys is null ? First(text) : Final(text, _keys);
    }

    private static string? Value(string part, char name) =>
        part.Length > 1 && part[0] == name && part[1] == '=' ? part[2..] : null;

    // RFC 5802 §5.1: in a name "=2C" is a comma and "=3D" an equals sign, and no other "=" may be there.
    private static string? Name(string escaped)
    {
        var name = escaped.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        var known = (escaped.Length - name.Length) / 2;
        return escaped.Count(c => c == '=') == known && name.Length > 0 ? name : null;
    }

    private SaslStep First(string message)
    {
        if (message.Split(',') is not [var flag, var identity, var user, var nonce, ..])
        {
            return SaslRefusal.Malformed("The first message of SCRAM has too few parts.");
        }

        if (Value(user, 'n') is not { } escaped || Name(escaped) is not { } name
            || Value(nonce, 'r') is not { Length: > 0 } clientNonce)
        {
            return SaslRefusal.Malformed("The first message of SCRAM has a name and a nonce.");
        }

        if (Binding(flag) is { } refusal)
        {
            return refusal;
        }

        if (!server.Accounts.IsName(name))
        {
            return SaslRefusal.Malformed("Invalid username.");
        }

        if (server.Accounts.Find(name) is not { } account || account.KeysOf(variant) is not { } keys)
        {
            return SaslRefusal.NotAuthorized;
        }

        if (identity.Length > 0 && Value(identity, 'a') != account.Jid.ToString())
        {
            return new SaslRefusal("invalid-authzid");
        }

        _header = $"{flag},{identity},";
        _clientFirst = message[_header.Length..];
        (_account, _keys) = (account, keys);
        _nonce = clientNonce + Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        _serverFirst = server.Faults.ScramFirst(
            connection, $"r={_nonce},s={Convert.ToBase64String(keys.Salt)},i={keys.Iterations}{offer.HashAttribute(variant)}");
        return new SaslChallenge(Encoding.UTF8.GetBytes(_serverFirst));
    }

    /// <returns>Why the client's flag of channel binding cannot be; null when it can.</returns>
    private SaslRefusal? Binding(string flag) => flag switch
    {
        // RFC 5802 §6: such a client believes that we offer none, so that somebody took it out of our offer.
        "y" when offer.BindsChannel => SaslRefusal.Malformed("The server does offer channel binding."),
        "n" or "y" when !bindsChannel => null,
        "n" or "y" => SaslRefusal.Malformed("A mechanism with -PLUS binds to the channel."),
        _ when Value(flag, 'p') is not { } type => SaslRefusal.Malformed("SCRAM begins with n, y or p=."),
        _ when !bindsChannel => SaslRefusal.Malformed("Only a mechanism with -PLUS binds to the channel."),
        _ => Value(flag, 'p') == BindingType ? null : SaslRefusal.Malformed($"Only {BindingType} can be bound to."),
    };

    private SaslStep Final(string message, ScramKeys keys)
    {
        var end = message.LastIndexOf(",p=", StringComparison.Ordinal);
        if (end < 0 || message.Split(',') is not [var binding, var nonce, .., var last] || Value(binding, 'c') is not { } bound
            || Value(nonce, 'r') is not { } repeated)
        {
            return SaslRefusal.Malformed("The final message of SCRAM has a binding, a nonce and a proof.");
        }

        var proof = new byte[variant.Size];
        if (!Convert.TryFromBase64String(last["p=".Length..], proof, out var length) || length != proof.Length)
        {
            return SaslRefusal.Malformed("The proof is no base64 of the hash's length.");
        }

        byte[] expected = [.. Encoding.UTF8.GetBytes(_header), .. bindsChannel ? connection.ServerEndPoint : []];
        if (bound != Convert.ToBase64String(expected) || repeated != _nonce)
        {
            return SaslRefusal.Malformed("The binding or the nonce is not the one that belongs here.");
        }

        var signed = Encoding.UTF8.GetBytes($"{_clientFirst},{_serverFirst},{message[..end]}");
        if (!keys.IsProof(proof, signed))
        {
            return SaslRefusal.NotAuthorized;
        }

        var final = server.Faults.ScramFinal(connection, $"v={Convert.ToBase64String(keys.Signature(signed))}");
        return new SaslSuccess(_account!, Encoding.UTF8.GetBytes(final));
    }
}
