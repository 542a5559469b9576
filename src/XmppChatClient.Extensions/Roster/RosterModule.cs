using System.Collections.Immutable;
using XmppChatClient.Modules;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Roster;

/// <summary>The contact list (RFC 6121 §2), fetched at the start of each session and kept up to date by the server's pushes.
/// </summary>
public sealed class RosterModule : IXmppModule
{
    private static readonly XmlName VersioningFeature = new("urn:xmpp:features:rosterver", "ver");

    private readonly Lock _gate = new();
    private XmppClient? _client;
    private volatile ImmutableDictionary<Jid, RosterItem> _items = ImmutableDictionary<Jid, RosterItem>.Empty;
    private volatile string _version = "";

    // Pushes that came while the roster was being fetched; null when it is not.
    private List<RosterQuery>? _early;

    /// <summary>The contacts as of now, by address: a snapshot that does not change.</summary>
    public ImmutableDictionary<Jid, RosterItem> Items => _items;

    /// <summary>The server's name for the state of <see cref="Items"/>; empty when it gives none (RFC 6121 §2.6).</summary>
    public string Version => _version;

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module
            .OnIq<RosterQuery>(IqType.Set, (iq, push, _) => new ValueTask<IPayload?>(TakePush(iq, push)), advertise: false)
            .OnSessionStart(LoadAsync);
    }

    /// <summary>Adds a contact, or changes the name and groups of one (RFC 6121 §2.3, §2.4).</summary>
    /// <exception cref="XmppStanzaException">The server does not want to.</exception>
    public Task SetAsync(
        Jid jid, string? name = null, IEnumerable<string>? groups = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jid);
        return ChangeAsync(new RosterItem(jid) { Name = name, Groups = [.. groups ?? []] }, cancellationToken);
    }

    /// <summary>Removes a contact, and all subscriptions with it (RFC 6121 §2.5).</summary>
    /// <exception cref="XmppStanzaException">There is none, or the server does not want to.</exception>
    public Task RemoveAsync(Jid jid, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jid);
        return ChangeAsync(new RosterItem(jid) { Subscription = RosterSubscription.Remove }, cancellationToken);
    }

    private Task<Iq> ChangeAsync(RosterItem item, CancellationToken cancellationToken) => Client.RequestAsync(
        new Iq(IqType.Set, new RosterQuery { Items = [item] }), cancellationToken: cancellationToken);

    private async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        // RFC 6121 §2.6.2: a version may only be sent to a server that knows them.
        var versioned = Client.StreamFeatures?.Element(VersioningFeature) is not null;
        lock (_gate)
        {
            _early = [];
        }

        RosterQuery? roster = null;
        try
        {
            var answer = await Client.RequestAsync(
                new Iq(IqType.Get, new RosterQuery { Version = versioned ? _version : null }),
                cancellationToken: cancellationToken).ConfigureAwait(false);
            roster = answer.Get<RosterQuery>();
        }
        finally
        {
            Loaded(roster);
        }
    }

    private void Loaded(RosterQuery? roster)
    {
        lock (_gate)
        {
            // An answer without a roster says that ours is still right; changes come as pushes.
            if (roster is not null)
            {
                _items = roster.Items.Where(i => i.Subscription != RosterSubscription.Remove)
                    .DistinctBy(i => i.Jid).ToImmutableDictionary(i => i.Jid);
                _version = roster.Version ?? "";
            }

            _early?.ForEach(Change);
            _early = null;
        }
    }

    private StanzaError? TakePush(Iq iq, RosterQuery push)
    {
        // RFC 6121 §2.1.6: anybody can send us such a request; only our own account may change the roster.
        if (iq.From is not null && iq.From != Client.Jid.Bare)
        {
            return StanzaErrors.ServiceUnavailable;
        }

        if (push.Items is not [_])
        {
            return StanzaErrors.BadRequest;
        }

        lock (_gate)
        {
            // The read loop takes a push while the answer before it is still on its way to whoever awaits it.
            if (_early is not null)
            {
                _early.Add(push);
            }
            else
            {
                Change(push);
            }
        }

        return null;
    }

    private void Change(RosterQuery push)
    {
        var item = push.Items[0];
        _items = item.Subscription == RosterSubscription.Remove ? _items.Remove(item.Jid) : _items.SetItem(item.Jid, item);
        _version = push.Version ?? _version;
    }
}
