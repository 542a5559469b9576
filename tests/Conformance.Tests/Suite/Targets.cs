using System.Net;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Testing;

[assembly: AssemblyFixture(typeof(XmppChatClient.Conformance.Tests.Targets))]

namespace XmppChatClient.Conformance.Tests;

/// <summary>The servers of the whole run, each started when first asked for.</summary>
public sealed class Targets : IAsyncDisposable
{
    private readonly SharedServers _servers = new();
    private readonly Lazy<Task<XmppTestServer>> _testServer = new(() => XmppTestServer.StartAsync(new XmppTestServerOptions
    {
        Domain = "example.test",
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        AllowRegistration = true,
    }));

    /// <summary>The running server; skips or fails the test where it is not installed.</summary>
    public async Task<Target> GetAsync(Subject subject) => subject switch
    {
        Subject.Prosody => Of(subject, await _servers.GetAsync(ServerKind.Prosody)),
        Subject.Ejabberd => Of(subject, await _servers.GetAsync(ServerKind.Ejabberd)),
        Subject.XmppTestServer => Of(await _testServer.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(subject)),
    };

    public async ValueTask DisposeAsync()
    {
        await _servers.DisposeAsync();
        if (_testServer is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _testServer.Value).DisposeAsync();
    }

    private static Target Of(Subject subject, XmppServer server) =>
        new(subject, server.Host, server.Port, server.Domain, server.ConferenceDomain, server.AddUserAsync);

    private static Target Of(XmppTestServer server) => new(
        Subject.XmppTestServer,
        IPAddress.Loopback.ToString(),
        server.EndPoint!.Port,
        server.Domain.ToString(),
        $"conference.{server.Domain}",
        (name, password, _) =>
        {
            server.AddAccount(name, password);
            return Task.CompletedTask;
        });
}
