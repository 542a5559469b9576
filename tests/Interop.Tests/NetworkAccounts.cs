using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

/// <summary><see cref="Accounts"/> for tests that run over more than one network.</summary>
internal sealed class NetworkAccounts(Network network)
{
    public XmppClientOptions Options(XmppServer server, string user, TlsMode tls = TlsMode.Required) =>
        Over(Accounts.Options(server, user, tls), server);

    public Task<XmppClient> LoginNewAsync(
        XmppServer server, string prefix, CancellationToken cancellationToken, Action<XmppClientOptions>? configure = null) =>
        Accounts.LoginNewAsync(
            server, prefix, cancellationToken,
            options =>
            {
                Over(options, server);
                configure?.Invoke(options);
            });

    private XmppClientOptions Over(XmppClientOptions options, XmppServer server)
    {
        if (network == Network.DotNetty)
        {
            return options.UseDotNetty();
        }

        if (network is Network.WebSocket or Network.Bosh)
        {
            var isEncrypted = options.Tls != TlsMode.Disabled;
            (options.Host, options.Port) = (null, null);
            (options.Transport, options.Endpoint) = network == Network.Bosh
                ? (TransportKind.Bosh, server.BoshEndpoint(isEncrypted))
                : (TransportKind.WebSocket, server.WebSocketEndpoint(isEncrypted));
        }

        return options;
    }
}
