using XmppChatClient.Modules;

namespace XmppChatClient.SoftwareVersion;

/// <summary>Software version (XEP-0092 v1.1): says what we are, and asks others.</summary>
public sealed class SoftwareVersionModule : IXmppModule
{
    private static readonly string OwnVersion =
        typeof(SoftwareVersionModule).Assembly.GetName().Version?.ToString(3) ?? "0";

    private XmppClient? _client;

    /// <summary>The name to answer with. Default <c>XmppChatClient</c>.</summary>
    public string Product { get; set; } = "XmppChatClient";

    /// <summary>The version to answer with. Default this library's.</summary>
    public string Version { get; set; } = OwnVersion;

    /// <summary>The operating system to answer with. Default none: it helps attackers more than anybody.</summary>
    public string? OperatingSystem { get; set; }

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module.OnIq<VersionQuery>(
            IqType.Get, (_, _, _) => new ValueTask<IPayload?>(new VersionQuery(Product, Version, OperatingSystem)));
    }

    /// <summary>Asks somebody, or our server, what software they are.</summary>
    /// <exception cref="XmppStanzaException">They do not say, or cannot be reached.</exception>
    /// <exception cref="XmppException">The answer is malformed.</exception>
    public async Task<VersionQuery> GetAsync(Jid? to = null, CancellationToken cancellationToken = default)
    {
        var client = _client ?? throw new InvalidOperationException("This module belongs to no client yet.");
        var whom = to ?? Jid.Parse(client.Jid.Domain);
        var answer = await client.RequestAsync(
            new Iq(IqType.Get, new VersionQuery()) { To = whom }, cancellationToken: cancellationToken).ConfigureAwait(false);
        return answer.Get<VersionQuery>() ?? throw new XmppException($"{whom} answered with no version.");
    }
}
