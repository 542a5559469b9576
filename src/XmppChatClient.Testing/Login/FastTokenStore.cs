using System.Security.Cryptography;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Server;

namespace XmppChatClient.Testing.Login;

/// <summary>The tokens of all clients (XEP-0484 v0.2.0 §5.1): for each the one that it uses, and a newer one that it may not have
/// got. Under the gate.</summary>
internal sealed class FastTokenStore(ServerEngine server)
{
    private readonly Dictionary<(Jid Account, string Client), (FastAccess? Current, FastAccess? Next)> _tokens = [];

    public FastAccess Make(ServerAccount account, string client, string mechanism)
    {
        var now = server.Clock.GetUtcNow();
        var token = new FastAccess(
            mechanism, RandomNumberGenerator.GetHexString(32, lowercase: true), now, now + server.Options.Login.TokenLifetime);
        _tokens[(account.Jid, client)] = (_tokens.GetValueOrDefault((account.Jid, client)).Current, token);
        return token;
    }

    /// <summary>The tokens to try, the newest first.</summary>
    public IEnumerable<FastAccess> Of(ServerAccount account, string client)
    {
        var (current, next) = _tokens.GetValueOrDefault((account.Jid, client));
        return new[] { next, current }.OfType<FastAccess>();
    }

    /// <summary>A client has used a token: the one before it is of no use any more.</summary>
    public void Used(ServerAccount account, string client, FastAccess token)
    {
        var (_, next) = _tokens.GetValueOrDefault((account.Jid, client));
        _tokens[(account.Jid, client)] = (token, next == token ? null : next);
    }

    public void Revoke(ServerAccount account, string client) => _tokens.Remove((account.Jid, client));

    /// <param name="account">Whose; null for all.</param>
    public void Revoke(Jid? account)
    {
        foreach (var key in _tokens.Keys.Where(k => account is null || k.Account == account).ToArray())
        {
            _tokens.Remove(key);
        }
    }
}
