using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Moq;
using XmppChatClient.TestSupport;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Tests;

public sealed class HostTests
{
    [Fact]
    public async Task Reply_goes_back_in_kind_and_thread()
    {
        await using var bot = await TestBot.StartAsync((context, token) => context.ReplyAsync("re: " + context.Message.Body, token));
        bot.Server.Send("<message from='juliet@example.org/b' type='chat'><body>hi</body><thread>t</thread></message>");
        var reply = await bot.Server.SentAsync("message");
        Assert.Equal(("juliet@example.org/b", "chat"), (reply.Attribute("to"), reply.Attribute("type")));
        Assert.Equal(["re: hi", "t", ""], reply.Elements.ToArray().Select(e => e.Text));
        Assert.Equal(["body", "thread", "headers"], reply.Elements.ToArray().Select(e => e.Name.LocalName));
    }

    [Fact]
    public async Task Stop_lets_handlers_finish_then_says_goodbye_then_closes_the_stream()
    {
        var entered = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        await using var bot = await TestBot.StartAsync(async (context, token) =>
        {
            entered.SetResult();
            await finish.Task.WaitAsync(token);
            await context.ReplyAsync("done", token);
        });
        bot.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(finish.SetResult);
        bot.Server.Send(TestBot.Chat("juliet", "hi"));
        await entered.Task.WaitAsync(Hang.Limit, TestBot.Token);
        await bot.StopAsync();
        Assert.Equal("message", (await bot.Server.NextAsync()).Name.LocalName);
        Assert.Equal("unavailable", (await bot.Server.NextAsync()).Attribute("type"));
        Assert.Same(MemoryServer.ClosingTag, await bot.Server.NextAsync());
        Assert.Equal(SessionState.Closed, bot.Client.State);
    }

    [Fact]
    public async Task Handlers_are_cancelled_when_the_stop_has_waited_for_its_timeout()
    {
        var clock = new ManualClock();
        var entered = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var bot = TestBot.Create(
            xmpp =>
            {
                xmpp.Services.AddSingleton<TimeProvider>(clock);
                TestBot.Add(xmpp, async (_, token) =>
                {
                    token.Register(cancelled.SetResult);
                    entered.SetResult();
                    await Task.Delay(Timeout.Infinite, token);
                });
            },
            new() { ["Xmpp:Dispatch:StopTimeout"] = "00:00:03" });
        await bot.StartAsync();
        bot.Server.Send(TestBot.Chat("juliet", "hi"));
        await entered.Task.WaitAsync(Hang.Limit, TestBot.Token);
        var stopping = bot.StopAsync();
        await clock.TimerSetAsync(TimeSpan.FromSeconds(3));
        clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(cancelled.Task.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await stopping;
        Assert.True(cancelled.Task.IsCompleted);
        Assert.Contains(bot.Logs, r => r.Level == LogLevel.Warning && r.Message == "Handlers did not finish within 3 s and are cancelled");
    }

    [Fact]
    public async Task Failure_that_nobody_foresaw_stops_the_host_with_its_trace_and_exit_code_1()
    {
        var bot = TestBot.Create(xmpp => xmpp.ConfigureDispatch(_ => throw new NotSupportedException("unforeseen")));
        Environment.ExitCode = 0;
        await bot.RunUntilItStopsAsync();
        Assert.Equal(1, Environment.ExitCode);
        Environment.ExitCode = 0;
        Assert.Equal("unforeseen", Assert.Single(bot.Logs, r => r.Level == LogLevel.Critical).Exception!.Message);
        await bot.DisposeAsync();
    }

    [Fact]
    public async Task Refused_credentials_stop_the_host_with_one_line_and_exit_code_1() => await AssertStopsAsync(
        TestBot.Create(_ => { }, server: new MemoryServer { RefuseLogin = true }), "not-authorized");

    [Theory]
    [InlineData("Xmpp:Jid", "", "Xmpp:Jid is missing")]
    [InlineData("Xmpp:Prot", "5222", "Xmpp:Prot is not a setting. Did you mean Xmpp:Port?")]
    [InlineData("Xmpp:Dispatch:Concurrency", "0", "Xmpp:Dispatch:Concurrency must be at least 1")]
    public async Task Bad_setting_stops_the_host_with_one_line_and_exit_code_1(string key, string value, string line) =>
        await AssertStopsAsync(TestBot.Create(_ => { }, new() { [key] = value }), line);

    [Theory]
    [InlineData("Xmpp:TrustedRoots", "no certificate at all")]
    [InlineData("Xmpp:TrustedRoots", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("Xmpp:ClientCertificate", "no certificate at all")]
    public async Task File_that_is_no_certificate_is_named_by_its_key(string key, string content)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, content, TestBot.Token);
        await AssertStopsAsync(
            TestBot.Create(xmpp => xmpp.Registration.Changes.Add(o => o.Connector = null), new() { [key] = file }), $"{key} ");
        File.Delete(file);
    }

    // The bot would never come back, and nothing would say so.
    [Fact]
    public async Task Host_stops_when_the_server_closes_and_reconnecting_is_off()
    {
        var bot = TestBot.Create(_ => { }, new() { ["Xmpp:Reconnect:Enabled"] = "false" });
        var stopping = AssertStopsAsync(bot, "Reconnect:Enabled");
        await bot.Server.SentAsync("presence");
        bot.Server.Close();
        await stopping;
    }

    [Fact]
    public async Task Host_goes_on_when_the_bot_closes_its_client_itself()
    {
        await using var bot = await TestBot.StartAsync((context, _) => new(context.Client.CloseAsync(CancellationToken.None)));
        bot.Server.Send(TestBot.Chat("juliet", "quit"));
        await bot.Server.SentAsync(e => e == MemoryServer.ClosingTag);
        await bot.Client.CloseAsync(TestBot.Token);
        Assert.False(bot.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public void Two_clients_in_one_host_are_refused()
    {
        var services = new ServiceCollection();
        services.AddXmppClient();
        Assert.Throws<InvalidOperationException>(() => services.AddXmppClient());
    }

    [Fact]
    public async Task Dialer_among_the_services_opens_the_connection()
    {
        var dialled = new TaskCompletionSource<IPEndPoint>();
        var dialer = new Mock<IStreamDialer>();
        dialer.Setup(d => d.DialAsync(It.IsAny<IPEndPoint>(), It.IsAny<CancellationToken>()))
            .Callback((IPEndPoint address, CancellationToken _) => dialled.TrySetResult(address))
            .Throws(new SocketException((int)SocketError.ConnectionRefused));
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(dialer.Object);
        builder.Services.AddXmppClient(o =>
        {
            o.Jid = Jid.Parse("example.org");
            o.Host = "127.0.0.1";
        });
        using var host = builder.Build();
        await host.StartAsync(TestBot.Token);
        var address = await dialled.Task.WaitAsync(Hang.Limit, TestBot.Token);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 5222), address);
        await host.StopAsync(TestBot.Token);
    }

    private static async Task AssertStopsAsync(TestBot bot, string line)
    {
        Environment.ExitCode = 0;
        await bot.RunUntilItStopsAsync();
        Assert.Equal(1, Environment.ExitCode);
        Environment.ExitCode = 0;
        var critical = Assert.Single(bot.Logs, r => r.Level == LogLevel.Critical);
        Assert.Contains(line, critical.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', critical.Message);
        Assert.Null(critical.Exception);
        Assert.DoesNotContain(bot.Logs, r => r.Level == LogLevel.Error);
        await bot.DisposeAsync();
    }
}
