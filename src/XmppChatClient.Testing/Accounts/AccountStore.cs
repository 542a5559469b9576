using System.Security.Cryptography;

namespace XmppChatClient.Testing.Accounts;

/// <summary>All accounts of the server. Under the gate.</summary>
internal sealed class AccountStore(string domain)
{
    private readonly Dictionary<Jid, ServerAccount> _accounts = [];

    /// <summary>The account of a bare address, or null.</summary>
    public ServerAccount? Find(Jid jid) => _accounts.GetValueOrDefault(jid);

    /// <summary>The account of a user name, or null; also for what is no name at all.</summary>
    public ServerAccount? Find(string name) => TryAddress(name) is { } jid ? Find(jid) : null;

    /// <summary>Whether an account may be called so.</summary>
    public bool IsName(string name) => TryAddress(name) is not null;

    /// <summary>Null when there is one already.</summary>
    /// <exception cref="ArgumentException">It is no name of an account.</exception>
    public ServerAccount? Add(string name, string? password)
    {
        var account = new ServerAccount(new Jid(name, domain, null), password);
        return _accounts.TryAdd(account.Jid, account) ? account : null;
    }

    public ServerAccount AddAnonymous() => Add(RandomNumberGenerator.GetHexString(16, lowercase: true), null)!;

    public void Remove(ServerAccount account) => _accounts.Remove(account.Jid);

    private Jid? TryAddress(string name) =>
        Jid.TryParse($"{name}@{domain}", out var jid) && jid.IsBare && jid.Domain == domain ? jid : null;
}
