namespace XmppChatClient.Conformance.Tests;

/// <summary>Peers of one server and the record of what they say and hear.</summary>
internal sealed class Scenario(Target target, CancellationToken token) : IAsyncDisposable
{
    public const string Password = "secret";

    // What alice causes at bob and bob's answer to it are two hops: each round takes everybody one further.
    private const int Rounds = 3;

    private readonly List<Entry> _record = [];
    private readonly List<Peer> _peers = [];
    private readonly HashSet<string> _accounts = [];
    private readonly List<string> _fences = ["example.test"];
    private bool _isQuiet;
    private int _fencesPassed;

    public Target Target { get; } = target;

    public CancellationToken Token { get; } = token;

    public Names Names { get; } = new(target);

    public IReadOnlyList<Entry> Record => _record;

    public void Add(Entry entry)
    {
        if (!_isQuiet)
            _record.Add(entry);
    }

    // Resumption brings answers to the fences of the connection before: no two have one number.
    public int NextFence() => Interlocked.Increment(ref _fencesPassed);

    /// <summary>An account that nobody need be logged in to.</summary>
    public async Task AddAccountAsync(string name)
    {
        if (_accounts.Add(name))
            await Target.AddAccountAsync(Names.Account(name), Password, Token);
    }

    /// <summary>A TCP connection on which nothing was said, for an account of the server.</summary>
    /// <param name="address">The account and, after a slash, the resource that it will ask for.</param>
    public async Task<Peer> ConnectAsync(string address)
    {
        await AddAccountAsync(address.Split('/')[0]);
        var before = _peers.Count(peer => $"{peer.Account}/{peer.Resource}" == address);
        var peer = await Peer.ConnectAsync(this, address, before == 0 ? address : $"{address} again");
        _peers.Add(peer);
        return peer;
    }

    /// <summary>A peer with its resource bound that has sent nothing since; unrecorded.</summary>
    public async Task<Peer> LoginAsync(string address)
    {
        var peer = await ConnectAsync(address);
        await QuietlyAsync(async () =>
        {
            await peer.LoginAsync();
            await peer.BindAsync();
        });
        return peer;
    }

    /// <summary>A peer that has asked for its roster and is available, and everybody has heard of it; unrecorded.</summary>
    public async Task<Peer> OnlineAsync(string address, int? priority = null)
    {
        var peer = await LoginAsync(address);
        await QuietlyAsync(async () =>
        {
            await peer.SendAsync("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
            await peer.SendAsync(priority is null ? "<presence/>" : $"<presence><priority>{priority}</priority></presence>");
            await SettleAsync();
        });
        return peer;
    }

    /// <summary>Makes each of the two see the other's presence; unrecorded.</summary>
    public Task BefriendAsync(Peer one, Peer other) => QuietlyAsync(async () =>
    {
        foreach (var (asks, grants) in new[] { (one, other), (other, one) })
        {
            await asks.SendAsync($"<presence type='subscribe' to='{grants.Account}@example.test'/>");
            await SettleAsync();
            await grants.SendAsync($"<presence type='subscribed' to='{asks.Account}@example.test'/>");
            await SettleAsync();
        }
    });

    /// <summary>Fences go through that room too from now on. It exists, or nobody is about to make it: who is asked while it
    /// begins may never answer.</summary>
    public void FenceThrough(string room) => _fences.Add(room);

    /// <summary>Makes its first occupant join room@conference.example.test, which makes the room.</summary>
    public async Task CreateRoomAsync(Peer owner)
    {
        const string Room = "room@conference.example.test";
        await owner.SendAsync($"<presence id='join' to='{Room}/{owner.Account}'><x xmlns='http://jabber.org/protocol/muc'/></presence>");

        // The last of what whoever joins receives (XEP-0045 §7.1).
        await owner.UntilAsync(element => element.Element(Ns.Client + "subject") is not null);
        FenceThrough(Room);
        await SettleAsync();
    }

    /// <summary>No fences there: who is asked while it ends may never answer.</summary>
    public void FenceNoLongerThrough(string room) => _fences.Remove(room);

    /// <summary>Everything that was set going has arrived when this returns, and is in the record.</summary>
    public async Task SettleAsync()
    {
        for (var round = 0; round < Rounds; round++)
            await Task.WhenAll(_peers.Where(peer => peer.IsFenced).Select(peer => peer.PassFenceAsync(_fences)));
        foreach (var peer in _peers)
            peer.RecordHeard();
    }

    /// <summary>Sends and settles.</summary>
    public async Task SayAsync(Peer peer, params string[] stanzas)
    {
        foreach (var stanza in stanzas)
            await peer.SendAsync(stanza);
        await SettleAsync();
    }

    /// <summary>What is said and heard meanwhile is left out of the record.</summary>
    public async Task QuietlyAsync(Func<Task> act)
    {
        var wasQuiet = _isQuiet;
        _isQuiet = true;
        await act();
        _isQuiet = wasQuiet;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
            await peer.DisposeAsync();
    }
}
