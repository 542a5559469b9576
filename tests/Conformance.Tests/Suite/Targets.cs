using XmppChatClient.Interop.Tests.Servers;

[assembly: AssemblyFixture(typeof(XmppChatClient.Conformance.Tests.Targets))]

namespace XmppChatClient.Conformance.Tests;

/// <summary>The servers of the whole run, each started when first asked for.</summary>
public sealed class Targets : IAsyncDisposable
{
    private readonly SharedServers _servers = new();

    /// <summary>The running server; skips or fails the test where it is not installed.</summary>
    public async Task<Target> GetAsync(Subject subject) => subject switch
    {
        Subject.Prosody => Of(subject, await _servers.GetAsync(ServerKind.Prosody)),
        Subject.Ejabberd => Of(subject, await _servers.GetAsync(ServerKind.Ejabberd)),
        _ => throw new ArgumentOutOfRangeException(nameof(subject)),
    };

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    private static Target Of(Subject subject, XmppServer server) =>
        new(subject, server.Host, server.Port, server.Domain, server.ConferenceDomain, server.AddUserAsync);
}
