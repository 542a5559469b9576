using System.Collections.Concurrent;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Ping;
using XmppChatClient.Streams;

namespace XmppChatClient.Interop.Tests;

public sealed class ComponentOnEjabberdTests(SharedServers servers) : ComponentTests(servers, ServerKind.Ejabberd)
{
    private protected override StreamErrorCondition Unknown => StreamErrorCondition.NotAuthorized;

    private protected override string WithoutSender => "improper-addressing";

    [Fact]
    public async Task TLS_from_the_first_byte_is_spoken()
    {
        var server = await ServerAsync();
        var options = await ComponentAsync();
        (options.Tls, options.Port, options.TrustedRoots) = (TlsMode.Direct, server.DirectTlsComponentPort, server.TrustedRoots);
        await using var client = new XmppClient(options.AddStandardModules());
        await client.ConnectAsync(Token);
        await client.Get<PingModule>().PingAsync(client.Jid, cancellationToken: Token);

        options.TrustedRoots = null;
        options.Modules.Clear();
        await using var distrustful = new XmppClient(options);
        await Assert.ThrowsAsync<XmppSecurityException>(() => distrustful.ConnectAsync(Token));
    }

    // What docs/COMPONENTS.md says of several connections: each stanza goes to one of them, whoever asked for it.
    [Fact]
    public async Task Second_component_is_let_in_beside_the_first_and_gets_its_share_answers_included()
    {
        const int Messages = 60;
        await using var first = await ConnectAsync();
        await using var second = await ConnectAsync();
        await using var juliet = await LoginAsync("juliet");
        for (var i = 0; i < Messages; i++)
        {
            await juliet.SendAsync(first.Jid, $"{i}", Token);
        }

        var bodies = new ConcurrentBag<(XmppClient By, string Body)>();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(Token);
        all.CancelAfter(Hang.Limit);
        await Task.WhenAll(ReadAsync(first), ReadAsync(second));
        Assert.Equal(Messages, bodies.Select(b => b.Body).Distinct().Count());
        Assert.Equal(Messages, bodies.Count);
        Assert.Equal(2, bodies.Select(b => b.By).Distinct().Count());

        // Of so many answers none comes to the other one but by chance. What she says behind them comes behind them.
        using var fenced = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task[] pings = [.. Enumerable.Range(0, Messages).Select(_ => first.Get<PingModule>().PingAsync(juliet.Jid, TimeSpan.FromDays(1), fenced.Token))];
        await first.SendAsync(juliet.Jid, "asked", Token);
        await juliet.NextAsync<MessageReceived>(m => m.Message.Body == "asked", Token);
        for (var i = 0; i < Messages; i++)
        {
            await juliet.SendAsync(first.Jid, "fence", Token);
        }

        await first.NextAsync<MessageReceived>(m => m.Message.Body == "fence", Token);
        await (await Task.WhenAny(pings).WaitAsync(Hang.Limit, Token));
        await fenced.CancelAsync();
        await Task.WhenAll(pings).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.Contains(pings, p => p.IsCanceled);

        async Task ReadAsync(XmppClient by)
        {
            try
            {
                await foreach (var message in by.ReadMessagesAsync(all.Token))
                {
                    bodies.Add((by, message.Body!));
                    if (bodies.Count == Messages)
                    {
                        await all.CancelAsync();
                    }
                }
            }
            catch (OperationCanceledException) when (bodies.Count == Messages)
            {
            }
        }
    }

    private async Task<XmppClient> ConnectAsync()
    {
        var options = (await ComponentAsync()).AddStandardModules();
        options.Ensure<PingModule>().Interval = Timeout.InfiniteTimeSpan;
        var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        return client;
    }
}
