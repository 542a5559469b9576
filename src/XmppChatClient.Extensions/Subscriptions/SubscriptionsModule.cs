using XmppChatClient.Modules;
using XmppChatClient.Roster;

namespace XmppChatClient.Subscriptions;

/// <summary>Presence subscriptions (RFC 6121 §3).</summary>
public sealed class SubscriptionsModule : IXmppModule
{
    private XmppClient? _client;

    /// <summary>Default <see cref="SubscriptionPolicy.AskHandler"/>.</summary>
    public SubscriptionPolicy Policy { get; set; }

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module.OnPresence(Decide);
    }

    /// <summary>Asks to see somebody's presence.</summary>
    public ValueTask SubscribeAsync(Jid to, CancellationToken cancellationToken = default) =>
        SendAsync(PresenceType.Subscribe, to, cancellationToken);

    /// <summary>No longer sees somebody's presence.</summary>
    public ValueTask UnsubscribeAsync(Jid from, CancellationToken cancellationToken = default) =>
        SendAsync(PresenceType.Unsubscribe, from, cancellationToken);

    /// <summary>Lets somebody see our presence, when they have asked or as soon as they do.</summary>
    public ValueTask ApproveAsync(Jid jid, CancellationToken cancellationToken = default) =>
        SendAsync(PresenceType.Subscribed, jid, cancellationToken);

    /// <summary>Denies somebody our presence, or takes it from them.</summary>
    public ValueTask DenyAsync(Jid jid, CancellationToken cancellationToken = default) =>
        SendAsync(PresenceType.Unsubscribed, jid, cancellationToken);

    private async ValueTask SendAsync(PresenceType type, Jid to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(to);

        // RFC 6121 §3.1.2: subscriptions are between bare addresses.
        await Client.SendAsync(new Presence { Type = type, To = to.Bare }, cancellationToken).ConfigureAwait(false);
    }

    private bool Decide(Presence presence)
    {
        if (presence is not { Type: PresenceType.Subscribe, From: { } from })
        {
            return false;
        }

        var accepted = Policy == SubscriptionPolicy.AcceptAll
            || (Policy == SubscriptionPolicy.AcceptRoster
                && Client.Find<RosterModule>()?.Items.ContainsKey(from.Bare) == true);
        if (accepted)
        {
            Client.Post(new Presence { Type = PresenceType.Subscribed, To = from.Bare });
        }

        return accepted;
    }
}
