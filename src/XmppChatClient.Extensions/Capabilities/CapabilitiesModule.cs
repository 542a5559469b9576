using XmppChatClient.Disco;
using XmppChatClient.Modules;

namespace XmppChatClient.Capabilities;

/// <summary>Entity capabilities (XEP-0115 v1.6.0): announces ours in each presence, and learns what others speak by asking
/// one of each kind once. What a hash does not verify is believed of that one address only.</summary>
public sealed class CapabilitiesModule : IXmppModule
{
    // Others choose the keys of both, so both are bounded; forgetting costs one more question.
    internal const int MostAnswers = 1_000;

    private const int MostEntities = 10_000;
    private const int LongestAnnouncement = 1_024;

    private readonly Lock _gate = new();

    // Made when there is something to keep.
    private Dictionary<Jid, EntityCapabilities>? _announced;
    private Dictionary<(string Hash, string Verification), DiscoInfo>? _verified;
    private Dictionary<(string Hash, string Verification), Question>? _underWay;
    private XmppClient? _client;

    /// <summary>A URI of the software. Default this library's; an application may give its own.</summary>
    public string Node { get; set; } = "urn:uuid:0b6a3c7e-52c5-4d0e-9a53-6f0d6f2f9c11";

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module
            .Advertise(EntityCapabilities.Name.Namespace)
            .OnPresence(Learn)
            .OnPresenceSending(Announce)
            .OnSessionEnd(ForgetAnnounced);
    }

    /// <summary>What somebody announced in the last presence we got of them, unverified.</summary>
    public EntityCapabilities? Announced(Jid jid)
    {
        lock (_gate)
        {
            return _announced?.GetValueOrDefault(jid);
        }
    }

    /// <summary>What somebody is and speaks: from the cache when they announced a hash we verified before, else by asking.
    /// All who ask at once about one hash wait for one answer; cancelling gives up that wait only.</summary>
    /// <exception cref="XmppStanzaException">They do not say, or cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The client has no <see cref="DiscoModule"/>.</exception>
    public async Task<DiscoInfo> GetInfoAsync(Jid of, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(of);
        var disco = Client.Get<DiscoModule>();
        if (Announced(of) is not { } announced)
        {
            return await disco.GetInfoAsync(of, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        var key = (announced.Hash, announced.Verification);
        if (Verified(key) is { } known)
        {
            return known;
        }

        var question = Join(key, of, announced.Node);
        if (question.Of == of)
        {
            return await question.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        // Somebody else of the same kind is being asked. What they say counts here if it verifies, and else not at all.
        await Task.WhenAny(question.Answer).WaitAsync(cancellationToken).ConfigureAwait(false);
        return Verified(key) ?? await AskAsync(key, of, announced.Node, cancellationToken).ConfigureAwait(false);
    }

    // The question that is under way about a kind, or a new one. It is nobody's to cancel: others may wait for it too.
    private Question Join((string Hash, string Verification) key, Jid of, string node)
    {
        lock (_gate)
        {
            _underWay ??= [];
            if (!_underWay.TryGetValue(key, out var question))
            {
                question = new Question(of, AskAndForgetAsync(key, of, node));
                _underWay.Add(key, question);
            }

            return question;
        }
    }

    private async Task<DiscoInfo> AskAndForgetAsync((string Hash, string Verification) key, Jid of, string node)
    {
        // The caller holds the lock, and has yet to note what this is.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await AskAsync(key, of, node, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _underWay!.Remove(key);
            }
        }
    }

    private async Task<DiscoInfo> AskAsync(
        (string Hash, string Verification) key, Jid of, string node, CancellationToken cancellationToken)
    {
        var info = await Client.Get<DiscoModule>().GetInfoAsync(of, $"{node}#{key.Verification}", cancellationToken)
            .ConfigureAwait(false);
        if (CapabilitiesHash.Compute(info, key.Hash) == key.Verification)
        {
            Keep(key, info);
        }

        return info;
    }

    internal string? NodeOf(DiscoInfo own) => $"{Node}#{CapabilitiesHash.Compute(own, "sha-1")}";

    private DiscoInfo? Verified((string Hash, string Verification) key)
    {
        lock (_gate)
        {
            return _verified?.GetValueOrDefault(key);
        }
    }

    private void Keep((string Hash, string Verification) key, DiscoInfo info)
    {
        lock (_gate)
        {
            _verified ??= [];
            if (_verified.Count >= MostAnswers)
            {
                _verified.Clear();
            }

            _verified[key] = info;
        }
    }

    private bool Learn(Presence presence)
    {
        if (presence.From is not { IsBare: false } from)
        {
            return false;
        }

        if (presence.Type == PresenceType.Unavailable)
        {
            Forget(from);
        }
        else if (presence is { Type: PresenceType.Available } && presence.Get<EntityCapabilities>() is { } announced
            && announced.Hash.Length + announced.Node.Length + announced.Verification.Length <= LongestAnnouncement)
        {
            Learn(from, announced);
        }

        return false;
    }

    private void Learn(Jid from, EntityCapabilities announced)
    {
        lock (_gate)
        {
            _announced ??= [];
            if (_announced.Count < MostEntities || _announced.ContainsKey(from))
            {
                _announced[from] = announced;
            }
        }
    }

    private void Forget(Jid from)
    {
        lock (_gate)
        {
            _announced?.Remove(from);
        }
    }

    private void ForgetAnnounced()
    {
        lock (_gate)
        {
            _announced = null;
        }
    }

    private Presence Announce(Presence presence)
    {
        if (presence.Type != PresenceType.Available || Client.Find<DiscoModule>() is not { } disco
            || presence.Get<EntityCapabilities>() is not null)
        {
            return presence;
        }

        var hash = CapabilitiesHash.Compute(disco.Describe(), "sha-1");
        return hash is null
            ? presence
            : presence with { Payloads = presence.Payloads.Add(new EntityCapabilities("sha-1", Node, hash)) };
    }

    private sealed record Question(Jid Of, Task<DiscoInfo> Answer);
}
