using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Login;

/// <summary>The server's side of HT-SHA-256 (draft-schmaus-kitten-sasl-ht-09), with a token of XEP-0484.</summary>
/// <param name="client">The id that the client goes by.</param>
/// <param name="count">How often it says that it has used the token; null when it does not say so.</param>
internal sealed class HashedTokenExchange(
    ServerEngine server, ServerConnection connection, string mechanism, string client, int? count) : ISaslExchange
{
    public const string Bound = "HT-SHA-256-ENDP";
    public const string Unbound = "HT-SHA-256-NONE";

    public bool ClientBegins => true;

    /// <summary>The token that was used, once it was.</summary>
    public FastAccess? Token { get; private set; }

    public SaslStep Next(byte[] message)
    {
        var end = Array.IndexOf(message, (byte)0);
        if (end <= 0 || !SaslText.TryRead(message[..end], out var name))
        {
            return SaslRefusal.Malformed("HT takes a name and a hash.");
        }

        if (server.Accounts.Find(name) is not { } account)
        {
            return SaslRefusal.NotAuthorized;
        }

        var token = server.Tokens.Of(account, client).FirstOrDefault(t => t.Mechanism == mechanism
            && CryptographicOperations.FixedTimeEquals(message.AsSpan(end + 1), Proof(t, "Initiator")));
        if (token is null)
        {
            return SaslRefusal.NotAuthorized;
        }

        if (token.Expiry <= server.Clock.GetUtcNow())
        {
            server.Tokens.Revoke(account, client);
            return new SaslRefusal("credentials-expired");
        }

        if (count is { } used)
        {
            if (used <= token.LastCount)
            {
                return new SaslRefusal("not-authorized", "This token was used so already.");
            }

            token.LastCount = used;
        }

        Token = token;
        server.Tokens.Used(account, client, token);
        return new SaslSuccess(account, server.Faults.HashedTokenFinal(connection, Proof(token, "Responder")));
    }

    private byte[] Proof(FastAccess token, string side) => HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(token.Secret),
        (byte[])[.. Encoding.UTF8.GetBytes(side), .. mechanism == Bound ? connection.ServerEndPoint : []]);
}
