using XmppChatClient.Interop.Tests.Servers;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>
/// One Prosody and one ejabberd with ordinary settings for the whole assembly, each started when first asked for. They are
/// shared by tests that run side by side: use accounts of your own where presence, roster or archive matter.
/// </summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly Lazy<Task<XmppServer>> _prosody = new(() => StartAsync(ServerKind.Prosody));
    private readonly Lazy<Task<XmppServer>> _ejabberd = new(() => StartAsync(ServerKind.Ejabberd));

    /// <summary>The running server; skips or fails the test where it is not installed.</summary>
    public Task<XmppServer> GetAsync(ServerKind kind)
    {
        Installed.Demand(kind);
        return (kind == ServerKind.Prosody ? _prosody : _ejabberd).Value;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _prosody, _ejabberd })
        {
            if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
                await (await server.Value).DisposeAsync();
        }
    }

    // Not the asking test's token: the server outlives that test.
    private static Task<XmppServer> StartAsync(ServerKind kind) =>
        XmppServer.StartNewAsync(kind, new ServerSettings(), CancellationToken.None);
}
