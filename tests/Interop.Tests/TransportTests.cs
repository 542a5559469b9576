using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

/// <summary>The contract of transports, on a real server.</summary>
public abstract class TransportTests(SharedServers servers, ServerKind kind) : TransportContract
{
    private protected override async Task<XmppClientOptions> NewAccountAsync(string prefix, Network network)
    {
        var server = await servers.GetAsync(kind);
        var user = $"{prefix}-{Guid.NewGuid():N}"[..20];
        await server.AddUserAsync(user, server.Password, TestContext.Current.CancellationToken);
        return new NetworkAccounts(network).Options(server, user);
    }

    // Prosody says that it can over BOSH too, and fails when it is asked to.
    private protected override bool Resumes(Network network) => network != Network.Bosh || kind != ServerKind.Prosody;
}
