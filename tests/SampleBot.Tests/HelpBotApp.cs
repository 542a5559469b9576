using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using XmppChatClient;
using XmppChatClient.Testing;

namespace SampleBot;

/// <summary>The bot as its program runs it, on a test server.</summary>
internal sealed class HelpBotApp : IAsyncDisposable
{
    private readonly IHost _host;

    private HelpBotApp(XmppTestServer server, Action<XmppClientOptions>? configure)
    {
        Server = server;
        Account = server.AddAccount("helpbot");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Xmpp:Subscriptions", "AcceptAll")]);
        builder.Logging.AddFakeLogging();
        builder.Services.AddHelpBot(o =>
        {
            o.UseTestServer(server, Account);
            o.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(o);
        });
        _host = builder.Build();
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public XmppTestServer Server { get; }

    public TestAccount Account { get; }

    public IReadOnlyList<FakeLogRecord> Logs => _host.Services.GetFakeLogCollector().GetSnapshot();

    /// <summary>A server and the bot, which is not started yet.</summary>
    public static async Task<HelpBotApp> CreateAsync(Action<XmppClientOptions>? configure = null) =>
        new(await XmppTestServer.StartAsync(Token), configure);

    public static async Task<HelpBotApp> StartAsync(Action<XmppClientOptions>? configure = null)
    {
        var app = await CreateAsync(configure);
        await app.StartAsync();
        await app.Server.WaitUntilAvailableAsync(app.Account, Token);
        return app;
    }

    /// <summary>Starts the host, which does not wait for the bot to be online.</summary>
    public Task StartAsync() => _host.StartAsync(Token);

    public Task StopAsync() => _host.StopAsync(Token);

    /// <summary>Ends when the host has stopped by itself.</summary>
    public Task StoppedAsync() => _host.WaitForShutdownAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);

    /// <summary>Says something to the bot as a user, and takes the bot's answer.</summary>
    public async Task<string?> AskAsync(TestUser user, string body)
    {
        await user.SendAsync(Account.Jid, body, Token);
        return (await user.ReceiveAsync(Token)).Body;
    }

    /// <summary>Has a user see the bot's presence from here on.</summary>
    public async Task SubscribeAsync(TestUser user)
    {
        await user.SendAsync(new Presence { To = Account.Jid, Type = PresenceType.Subscribe }, Token);
        var seen = await user.ReceivePresenceAsync(Token);
        Assert.Equal((Account.Jid, PresenceType.Available), (seen.From!.Bare, seen.Type));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        await Server.DisposeAsync();
    }
}
