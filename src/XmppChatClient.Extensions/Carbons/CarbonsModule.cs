using Microsoft.Extensions.Logging;
using XmppChatClient.Modules;
using XmppChatClient.Xml;

namespace XmppChatClient.Carbons;

/// <summary>Message carbons (XEP-0280 v1.0.1): the server copies to us what other clients of our account send and get, each a
/// <see cref="CopyReceived"/>. Switched on with the resource where the server can (Bind 2), at the session's start elsewhere. What says
/// that it is a copy and is not our server's is dropped. Not one of the standard modules: a bot has no use for what others answer.
/// </summary>
public sealed partial class CarbonsModule : IXmppModule
{
    private static readonly XmlName Enable = new(Carbon.Namespace, "enable");

    private XmppClient? _client;
    private ILogger? _logger;
    private volatile bool _isOn;

    /// <summary>Whether the server copies to us in this session. <see langword="false"/> where it does not want to, or cannot.</summary>
    public bool IsOn => _isOn;

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    private Jid Account => Client.Jid.Bare;

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        _logger = module.Client.LoggerFactory.CreateLogger("XmppChatClient.Carbons");
        module.OnBind(Carbon.Namespace, new XmppElement(Enable), isOn => _isOn = isOn)
            .OnSessionStart(SwitchOnAsync)
            .OnMessage(Refuse)
            .OnCopy(message => Carbon.Read(message, Account))
            .OnSessionEnd(() => _isOn = false);
    }

    private async ValueTask SwitchOnAsync(CancellationToken cancellationToken)
    {
        if (!_isOn)
        {
            await Client.RequestAsync(new Iq(IqType.Set, new XmppElement(Enable)), cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            _isOn = true;
        }
    }

    private bool Refuse(Message message)
    {
        if (!Carbon.IsClaimed(message) || Carbon.Read(message, Account) is not null)
        {
            return false;
        }

        LogRefused(_logger!, message.From);
        return true;
    }

    [LoggerMessage(EventId = 85, Level = LogLevel.Debug, Message = "Dropped a copy that is not our server's, from {Jid}")]
    private static partial void LogRefused(ILogger logger, Jid? jid);
}
