using XmppChatClient.Testing.Login;
using XmppChatClient.Testing.Rosters;
using XmppChatClient.Testing.Sessions;

namespace XmppChatClient.Testing.Accounts;

/// <summary>One account: its password, its roster and its sessions. Under the gate.</summary>
internal sealed class ServerAccount(Jid jid, string? password)
{
    private readonly List<ScramKeys> _keys = [];

    /// <summary>The bare address.</summary>
    public Jid Jid => jid;

    /// <summary>Null when nobody can log in with one: an anonymous account, which ends with its last session.</summary>
    public string? Password { get; private set; } = password;

    /// <summary>In the order in which they were bound.</summary>
    public List<ServerSession> Sessions { get; } = [];

    public Roster Roster { get; } = new();

    public void ChangePassword(string changed)
    {
        Password = changed;
        _keys.Clear();
    }

    /// <summary>What SCRAM checks against; derived once for each hash function. Null for an account without a password.</summary>
    public ScramKeys? KeysOf(ScramVariant variant)
    {
        if (Password is null)
        {
            return null;
        }

        var keys = _keys.Find(k => k.Variant == variant);
        if (keys is null)
        {
            keys = ScramKeys.Derive(variant, Password);
            _keys.Add(keys);
        }

        return keys;
    }
}
