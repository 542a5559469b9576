using XmppChatClient.Modules;

namespace XmppChatClient.EntityTime;

/// <summary>Entity time (XEP-0202 v2.0): tells the time, and asks others for theirs.</summary>
public sealed class EntityTimeModule : IXmppModule
{
    private XmppClient? _client;

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module.OnIq<TimeQuery>(
            IqType.Get, (_, _, _) => new ValueTask<IPayload?>(new TimeQuery(_client.TimeProvider.GetLocalNow())));
    }

    /// <summary>Asks somebody, or our server, for the time.</summary>
    /// <exception cref="XmppStanzaException">They do not say, or cannot be reached.</exception>
    /// <exception cref="XmppException">The answer is malformed.</exception>
    public async Task<DateTimeOffset> GetAsync(Jid? to = null, CancellationToken cancellationToken = default)
    {
        var client = _client ?? throw new InvalidOperationException("This module belongs to no client yet.");
        var whom = to ?? Jid.Parse(client.Jid.Domain);
        var answer = await client.RequestAsync(
            new Iq(IqType.Get, new TimeQuery()) { To = whom }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return answer.Get<TimeQuery>()?.Time ?? throw new XmppException($"{whom} answered with no time.");
    }
}
