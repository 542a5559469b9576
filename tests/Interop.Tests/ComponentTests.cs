using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

/// <summary>The contract of components, on a real server.</summary>
public abstract class ComponentTests(SharedServers servers, ServerKind kind) : ComponentContract
{
    [Fact]
    public async Task Component_comes_back_when_the_server_does()
    {
        await using var server = await XmppServer.StartNewAsync(kind, new ServerSettings(), Token);
        await using var bot = await StartAsync(o => o.Port = server.ComponentPort);
        await server.CrashAsync();
        await server.StartAsync(Token);
        await bot.RestartedAsync();
        await using var alice = new XmppClient(Accounts.Options(server, "alice"));
        await alice.ConnectAsync(Token);
        await alice.SendAsync(bot.Address("riddle@{0}"), "again", Token);
        await NextAsync<MessageReceived>(alice, m => m.Message.Body == $"{bot.Address("riddle@{0}")}: again");
    }

    private protected Task<XmppServer> ServerAsync() => servers.GetAsync(kind);

    private protected override string Rooms => "conference.example.test";

    private protected override async Task<XmppComponentOptions> ComponentAsync()
    {
        var server = await ServerAsync();
        return new XmppComponentOptions
        {
            Domain = server.ComponentDomain,
            Secret = server.ComponentSecret,
            Host = server.Host,
            Port = server.ComponentPort,
        };
    }

    private protected override async Task<XmppClient> LoginAsync(string prefix) =>
        await Accounts.LoginNewAsync(await ServerAsync(), prefix, Token);
}
