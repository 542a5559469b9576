using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>What is special about BOSH, and what gets lost on the way.</summary>
public sealed class BoshTests() : WebTests(TransportKind.Bosh)
{
    // Without stream management, which would put right what BOSH itself got wrong.
    [Theory]
    [InlineData(BoshLoss.Request, 60)]
    [InlineData(BoshLoss.Response, 60)]
    [InlineData(BoshLoss.BadGateway, 60)]
    [InlineData(BoshLoss.Silence, 2)]
    public async Task Nothing_is_lost_and_nothing_doubled_by_what_drops_requests_and_answers(BoshLoss loss, int count)
    {
        const int Rounds = 40;
        await using var romeo = await LoginAsync("romeo", Configure);
        await using var juliet = await LoginAsync("juliet", Configure);
        using (Web.LoseBosh(loss, count, every: 2))
        {
            for (var i = 0; i < Rounds; i++)
            {
                await romeo.SendAsync(juliet.Jid, Number(i), Token);
                Assert.Equal(Number(i), await NextBodyAsync(juliet));
                await juliet.SendAsync(romeo.Jid, Number(i), Token);
                Assert.Equal(Number(i), await NextBodyAsync(romeo));
            }

            for (var i = 0; i < Rounds; i++)
            {
                await romeo.SendAsync(juliet.Jid, Number(i), Token);
                await juliet.SendAsync(romeo.Jid, Number(i), Token);
            }

            for (var i = 0; i < Rounds; i++)
            {
                Assert.Equal(Number(i), await NextBodyAsync(juliet));
                Assert.Equal(Number(i), await NextBodyAsync(romeo));
            }
        }

        static void Configure(XmppClientOptions options)
        {
            options.StreamManagement.Enabled = false;
            (options.Bosh.Wait, options.Timeouts.Connect) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task Session_that_the_endpoint_has_forgotten_is_gone_on_with_in_a_new_one()
    {
        // Held requests and all, as when it was restarted alone.
        await using var client = await LoginAsync("bot");
        await NextAsync<SessionStarted>(client);
        await Web.DisposeAsync();
        Web = await XmppTestWebServer.StartAsync(
            Server, new XmppTestWebServerOptions { Port = Web.BoshEndpoint.Port }, Token);
        await NextAsync<SessionEnded>(client);
        Assert.True((await NextAsync<SessionStarted>(client)).Resumed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Plain_HTTP_carries_a_session_where_TLS_is_disabled(bool keySequence)
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { RequireTls = false }, Token);
        await using var web = await XmppTestWebServer.StartAsync(server, new XmppTestWebServerOptions { UseTls = false }, Token);
        Assert.Equal("http", web.BoshEndpoint.Scheme);
        await using var client = await LoginAsync(
            web, server.AddAccount("bot"), o => (o.Tls, o.Bosh.KeySequence) = (TlsMode.Disabled, keySequence));

        // More than there are keys in a sequence.
        for (var i = 0; i < (keySequence ? 600 : 1); i++)
        {
            await client.SendAsync(client.Jid, Number(i), Token);
            Assert.Equal(Number(i), await NextBodyAsync(client));
        }

        Assert.DoesNotContain("starttls", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_holds_nothing_is_asked_as_often_as_it_allows()
    {
        await using var web = await XmppTestWebServer.StartAsync(
            Server, new XmppTestWebServerOptions { BoshRequests = 1, BoshPolling = TimeSpan.FromSeconds(1) }, Token);
        var log = new FakeLoggerProvider();
        await using var client = await LoginAsync(web, Server.AddAccount("bot"), o =>
        {
            o.LoggerFactory = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(log));

            // Each question more takes a second.
            (o.StreamManagement.Enabled, o.Presence) = (false, null);
        });
        await client.SendAsync(client.Jid, "hello", Token);
        Assert.Equal("hello", await NextBodyAsync(client));
        Assert.DoesNotContain(log.Collector.GetSnapshot(), r => r.Level >= LogLevel.Warning);
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // A session that ends is none of it.
    private static async Task<string?> NextBodyAsync(XmppClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        await foreach (var next in client.ReadEventsAsync(limit.Token))
        {
            switch (next)
            {
                case MessageReceived received:
                    return received.Message.Body;
                case SessionEnded ended:
                    throw new InvalidOperationException("The session ended.", ended.Error);
            }
        }

        throw new InvalidOperationException("The client ended without a message.");
    }
}
