using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

/// <summary><see cref="Accounts"/> for tests that run over either network.</summary>
internal sealed class NetworkAccounts(Network network)
{
    public XmppClientOptions Options(XmppServer server, string user, TlsMode tls = TlsMode.Required) =>
        Over(Accounts.Options(server, user, tls));

    public Task<XmppClient> LoginNewAsync(
        XmppServer server, string prefix, CancellationToken cancellationToken, Action<XmppClientOptions>? configure = null) =>
        Accounts.LoginNewAsync(
            server, prefix, cancellationToken,
            options =>
            {
                Over(options);
                configure?.Invoke(options);
            });

    private XmppClientOptions Over(XmppClientOptions options) =>
        network == Network.DotNetty ? options.UseDotNetty() : options;
}
