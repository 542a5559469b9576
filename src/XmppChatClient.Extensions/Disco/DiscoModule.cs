using XmppChatClient.Modules;
using XmppChatClient.Stanzas;

namespace XmppChatClient.Disco;

/// <summary>Service discovery (XEP-0030 v2.5.0): says what this client is and handles, and asks others.</summary>
public sealed class DiscoModule : IXmppModule
{
    private static readonly DiscoIdentity Bot = new("client", "bot", "XmppChatClient");

    private static readonly DiscoIdentity Component = new("component", "generic", "XmppChatClient");

    private XmppClient? _client;

    /// <summary>What we say that we are. Default a bot.</summary>
    public DiscoIdentity Identity { get; set; } = Bot;

    /// <summary>What a component says that its domain is; its other addresses are what <see cref="Identity"/> says. Default a
    /// component of no particular kind.</summary>
    public DiscoIdentity DomainIdentity { get; set; } = Component;

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module
            .OnIq<DiscoInfo>(IqType.Get, (request, asked, _) => new ValueTask<IPayload?>(Answer(request, asked)))
            .OnIq<DiscoItems>(IqType.Get, (_, asked, _) => new ValueTask<IPayload?>(
                asked.Node is null ? new DiscoItems() : StanzaErrors.ItemNotFound));
    }

    /// <summary>What we answer about ourselves: what the modules registered, and nothing else.</summary>
    public DiscoInfo Describe() => new() { Identities = [Identity], Features = [.. Client.Features] };

    /// <summary>Asks what somebody, or a node of theirs, is and speaks.</summary>
    /// <exception cref="XmppStanzaException">They do not say, or cannot be reached.</exception>
    /// <exception cref="XmppException">The answer is malformed.</exception>
    public async Task<DiscoInfo> GetInfoAsync(Jid of, string? node = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(of);
        var answer = await Client.RequestAsync(
            new Iq(IqType.Get, new DiscoInfo { Node = node }) { To = of }, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        return answer.Get<DiscoInfo>() ?? throw new XmppException($"{of} answered with malformed service discovery.");
    }

    /// <summary>Asks what belongs to somebody, or to a node of theirs.</summary>
    /// <exception cref="XmppStanzaException">They do not say, or cannot be reached.</exception>
    /// <exception cref="XmppException">The answer is malformed.</exception>
    public async Task<DiscoItems> GetItemsAsync(Jid of, string? node = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(of);
        var answer = await Client.RequestAsync(
            new Iq(IqType.Get, new DiscoItems { Node = node }) { To = of }, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        return answer.Get<DiscoItems>() ?? throw new XmppException($"{of} answered with malformed service discovery.");
    }

    private IPayload Answer(Iq request, DiscoInfo asked)
    {
        var own = Describe();
        if (Client.IsComponent && request.To == Client.Jid)
        {
            own = own with { Identities = [DomainIdentity] };
        }

        // XEP-0115 §6.2: our capabilities are asked about under the node that we announced.
        return asked.Node is null || asked.Node == Client.Find<Capabilities.CapabilitiesModule>()?.NodeOf(own)
            ? own with { Node = asked.Node }
            : StanzaErrors.ItemNotFound;
    }
}
