using XmppChatClient.Contracts;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>The contract of transports, on the test server.</summary>
public sealed class TransportTests(ServerFixture servers) : TransportContract, IClassFixture<ServerFixture>
{
    private protected override Task<XmppClientOptions> NewAccountAsync(string prefix, Network network)
    {
        var account = servers.Server.AddAccount($"{prefix}-{Guid.NewGuid():N}"[..20]);
        var options = new XmppClientOptions();
        return Task.FromResult(network switch
        {
            Network.WebSocket => options.UseTestServer(servers.Web, account),
            Network.Bosh => options.UseTestServer(servers.Web, account, TransportKind.Bosh),
            Network.DotNetty => options.UseTestServer(servers.Server, account).UseDotNetty(),
            _ => options.UseTestServer(servers.Server, account),
        });
    }
}
