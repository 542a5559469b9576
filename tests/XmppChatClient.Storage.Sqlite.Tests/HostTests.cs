using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace XmppChatClient.Storage.Sqlite.Tests;

/// <summary>A hosted bot with a store, as its users write it.</summary>
public sealed class HostTests : IDisposable
{
    private readonly StoreFile _file = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task What_a_handler_had_not_ended_when_the_host_stopped_is_handed_to_it_again()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var account = server.AddAccount("bot");
        var calls = new Calls();
        using (var first = await StartAsync(server, account, calls))
        {
            await juliet.SendAsync(account.Jid, "quick", Token);
            Assert.Equal("quick", (await juliet.ReceiveAsync(Token)).Body);
            await juliet.SendAsync(account.Jid, "slow", Token);
            await calls.Slow.Task.WaitAsync(Token);
            await first.StopAsync(Token);
        }

        calls.Finish = true;
        using (var second = await StartAsync(server, account, calls))
        {
            Assert.Equal("slow", (await juliet.ReceiveAsync(Token)).Body);
            await second.StopAsync(Token);
        }

        using var third = await StartAsync(server, account, calls);
        await juliet.SendAsync(account.Jid, "last", Token);
        Assert.Equal("last", (await juliet.ReceiveAsync(Token)).Body);
        await third.StopAsync(Token);
        Assert.Equal(["quick", "slow", "slow", "last"], calls.Bodies);
    }

    [Fact]
    public async Task Host_stops_with_a_line_when_its_store_is_none()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await File.WriteAllTextAsync(_file.Path, new string('x', 5_000), Token);
        using var host = Build(server, server.AddAccount("bot"), new Calls());
        var stopped = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(stopped.SetResult);
        var running = host.RunAsync(Token);
        await stopped.Task.WaitAsync(Token);
        await running;
        Assert.Equal(1, Environment.ExitCode);
        Environment.ExitCode = 0;
    }

    private static async Task<IHost> StartAsync(IHost host)
    {
        await host.StartAsync(Token);
        return host;
    }

    private Task<IHost> StartAsync(XmppTestServer server, TestAccount account, Calls calls) => StartAsync(Build(server, account, calls));

    private IHost Build(XmppTestServer server, TestAccount account, Calls calls)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(calls).AddXmppSqliteStore(_file.Path);
        builder.Services.AddXmppClient(o => o.UseTestServer(server, account))
            .AddMessageHandler<Handler>().ConfigureDispatch(d => d.StopTimeout = TimeSpan.FromMilliseconds(1));
        return builder.Build();
    }

    private sealed class Calls
    {
        public List<string> Bodies { get; } = [];

        public TaskCompletionSource Slow { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Finish { get; set; }
    }

    private sealed class Handler(Calls calls) : IMessageHandler
    {
        public async ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken)
        {
            if (context.Message.Body is not { } body)
            {
                return;
            }

            calls.Bodies.Add(body);
            if (body == "slow" && !calls.Finish)
            {
                calls.Slow.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            await context.ReplyAsync(body, cancellationToken);
        }
    }
}
