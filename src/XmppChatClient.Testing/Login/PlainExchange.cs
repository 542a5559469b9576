using System.Security.Cryptography;
using XmppChatClient.Testing.Server;

namespace XmppChatClient.Testing.Login;

/// <summary>SASL PLAIN (RFC 4616).</summary>
internal sealed class PlainExchange(ServerEngine server) : ISaslExchange
{
    public bool ClientBegins => true;

    public SaslStep Next(byte[] message)
    {
        if (!SaslText.TryRead(message, out var text)
            || text.Split('\0') is not [var identity, { Length: > 0 } name, { Length: > 0 } password])
        {
            return SaslRefusal.Malformed("PLAIN takes an identity, a name and a password.");
        }

        if (!server.Accounts.IsName(name))
        {
            return SaslRefusal.Malformed("Invalid username.");
        }

        if (server.Accounts.Find(name) is not { Password: { } known } account
            || !CryptographicOperations.FixedTimeEquals(SaslText.Password(known), SaslText.Password(password)))
        {
            return SaslRefusal.NotAuthorized;
        }

        return identity.Length == 0 || identity == account.Jid.ToString()
            ? new SaslSuccess(account) : new SaslRefusal("invalid-authzid");
    }
}
