using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using XmppChatClient.Ping;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Contracts;

/// <summary>What a session does whatever carries it: derive a class for a server, and name how to get there.</summary>
public abstract class TransportContract
{
    // The stream was not closed in good order.
    private const int CloseFailed = 33;

    // Far longer than anything here takes: for a test that would otherwise hang.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<Network> Networks => [.. Enum.GetValues<Network>()];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Networks))]
    public async Task Login_gets_an_address_over_TLS(Network network)
    {
        await using var romeo = await LoginAsync(network, "romeo");
        Assert.False(romeo.Client.Jid.IsBare);
        Assert.Equal(SessionState.Online, romeo.Client.State);
        Assert.Contains("TLS 1.3", romeo.Log.GetSnapshot().Single(r => r.Id.Id == 30).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Networks))]
    public async Task Message_arrives_as_it_was_written(Network network)
    {
        await using var romeo = await LoginAsync(network, "romeo");
        await using var juliet = await LoginAsync(network, "juliet");
        const string Body = "<body> & ]]> \"quotes\" 'and' apostrophes,\ttab\nnew line, ümläut, 日本語, 🎉 \u00A0\u2028";
        await romeo.Client.SendAsync(
            new Message { To = juliet.Client.Jid, Type = MessageType.Chat, Body = Body, Thread = "t1", Id = "m1" }, Token);
        var received = (await juliet.EventAsync<MessageReceived>()).Message;
        Assert.Equal(Body, received.Body);
        Assert.Equal("t1", received.Thread);
        Assert.Equal("m1", received.Id);
        Assert.Equal(romeo.Client.Jid, received.From);
        await juliet.Client.ReplyAsync(received, "back", Token);
        Assert.Equal("back", (await romeo.EventAsync<MessageReceived>()).Message.Body);
    }

    [Theory, MemberData(nameof(Networks))]
    public async Task Character_that_XML_cannot_carry_is_refused_before_sending(Network network)
    {
        await using var romeo = await LoginAsync(network, "romeo");
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await romeo.Client.SendAsync(romeo.Client.Jid, "a\u0001b", Token));
        await romeo.Client.Get<PingModule>().PingAsync(cancellationToken: Token);
    }

    [Theory, MemberData(nameof(Networks))]
    public async Task Two_hundred_requests_at_once_are_all_answered(Network network)
    {
        await using var romeo = await LoginAsync(network, "romeo");
        await using var juliet = await LoginAsync(network, "juliet");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200),
            new ParallelOptions { MaxDegreeOfParallelism = 200, CancellationToken = Token },
            async (number, token) => await romeo.Client.Get<PingModule>()
                .PingAsync(number % 2 == 0 ? null : juliet.Client.Jid, cancellationToken: token));
    }

    [Theory, MemberData(nameof(Networks))]
    public async Task Large_messages_arrive_whole(Network network)
    {
        await using var romeo = await LoginAsync(network, "romeo");
        await using var juliet = await LoginAsync(network, "juliet");
        string[] bodies = [new('x', 200_000), string.Concat(Enumerable.Repeat("ä日🎉", 20_000)), "small"];
        foreach (var body in bodies)
        {
            await romeo.Client.SendAsync(juliet.Client.Jid, body, Token);
        }

        foreach (var body in bodies)
        {
            Assert.Equal(body, (await juliet.EventAsync<MessageReceived>()).Message.Body);
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public async Task Reader_that_is_late_holds_up_the_server_and_loses_nothing(Network network)
    {
        const int Count = 400;
        const int Limit = 16;
        await using var romeo = await LoginAsync(network, "romeo");
        await using var juliet = await LoginAsync(network, "juliet", o => o.Limits.Inbox = Limit);
        var padding = new string('x', 2_000);
        for (var i = 0; i < Count; i++)
        {
            await romeo.Client.SendAsync(juliet.Client.Jid, string.Create(CultureInfo.InvariantCulture, $"{i} {padding}"), Token);
        }

        // The server has all of them; what it could not hand on waits there, or on the way. A ping of ours allows for twice as many.
        await romeo.Client.Get<PingModule>().PingAsync(cancellationToken: Token);
        Assert.InRange(juliet.Client.GetStatus().Inbox, 0, 2 * Limit);
        for (var i = 0; i < Count; i++)
        {
            Assert.StartsWith(
                string.Create(CultureInfo.InvariantCulture, $"{i} "),
                (await juliet.EventAsync<MessageReceived>()).Message.Body, StringComparison.Ordinal);
            Assert.InRange(juliet.Client.GetStatus().Inbox, 0, 2 * Limit);
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public async Task Session_goes_on_after_a_cut_and_nothing_is_lost(Network network)
    {
        await using var romeo = await LoginAsync(network, "romeo");
        await using var juliet = await LoginAsync(network, "juliet");
        for (var round = 0; round < 3; round++)
        {
            romeo.Cut();
            if (network != Network.Bosh)
            {
                Assert.True((await romeo.EventAsync<SessionEnded>()).MayResume);
            }

            var receipt = await romeo.Client.SendAsync(juliet.Client.Jid, $"kept {round}", Token);
            await juliet.Client.SendAsync(romeo.Client.Jid, $"meanwhile {round}", Token);
            if (network != Network.Bosh)
            {
                Assert.True((await romeo.EventAsync<SessionStarted>()).Resumed);
            }

            Assert.Equal($"kept {round}", (await juliet.EventAsync<MessageReceived>()).Message.Body);
            Assert.Equal($"meanwhile {round}", (await romeo.EventAsync<MessageReceived>()).Message.Body);
            Assert.Equal(SendState.Acknowledged, await receipt.SettledAsync(Token).WaitAsync(Patience, Token));
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public async Task Session_outlives_a_connection_that_is_given_up(Network network)
    {
        await using var romeo = await LoginAsync(network, "romeo");
        await using var juliet = await LoginAsync(network, "juliet");
        var resumes = Resumes(network);
        var address = romeo.Client.Jid;
        for (var round = 0; round < 3; round++)
        {
            await romeo.Client.AbortAsync(new XmppConnectionException("given up"));
            Assert.Equal(resumes, (await romeo.EventAsync<SessionEnded>()).MayResume);
            var receipt = resumes ? await romeo.Client.SendAsync(juliet.Client.Jid, $"kept {round}", Token) : null;
            Assert.Equal(resumes, (await romeo.EventAsync<SessionStarted>()).Resumed);
            Assert.Equal(resumes, address == romeo.Client.Jid);
            await juliet.Client.SendAsync(romeo.Client.Jid, $"meanwhile {round}", Token);
            Assert.Equal($"meanwhile {round}", (await romeo.EventAsync<MessageReceived>()).Message.Body);
            if (receipt is not null)
            {
                Assert.Equal($"kept {round}", (await juliet.EventAsync<MessageReceived>()).Message.Body);
                Assert.Equal(SendState.Acknowledged, await receipt.SettledAsync(Token).WaitAsync(Patience, Token));
            }
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public async Task Session_is_closed_in_good_order(Network network)
    {
        await using var romeo = await LoginAsync(network, "romeo");
        await using var juliet = await LoginAsync(network, "juliet");
        await juliet.Client.SendAsync(new Presence { To = romeo.Client.Jid, Status = "here" }, Token);
        await romeo.EventAsync<PresenceReceived>(p => p.Presence.From == juliet.Client.Jid);
        var receipt = await juliet.Client.SendAsync(romeo.Client.Jid, "farewell", Token);
        await juliet.Client.CloseAsync(Token);
        Assert.Equal(SendState.Acknowledged, await receipt.SettledAsync(Token).WaitAsync(Patience, Token));
        Assert.Equal("farewell", (await romeo.EventAsync<MessageReceived>()).Message.Body);
        await romeo.EventAsync<PresenceReceived>(
            p => p.Presence.From == juliet.Client.Jid && p.Presence.Type == PresenceType.Unavailable);
        Assert.DoesNotContain(juliet.Log.GetSnapshot(), r => r.Id.Id == CloseFailed || r.Level >= LogLevel.Warning);
    }

    /// <summary>Options to log in to a new account, over TLS.</summary>
    private protected abstract Task<XmppClientOptions> NewAccountAsync(string prefix, Network network);

    /// <summary>Whether the server can go on with a session over another connection of that kind.</summary>
    private protected virtual bool Resumes(Network network) => true;

    private async Task<Session> LoginAsync(Network network, string prefix, Action<XmppClientOptions>? configure = null)
    {
        var options = await NewAccountAsync(prefix, network);
        options.AddStandardModules();
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        configure?.Invoke(options);
        var session = new Session(options);
        await session.Client.ConnectAsync(Token).WaitAsync(Patience, Token);
        await session.EventAsync<SessionStarted>();
        return session;
    }

    private sealed class Session : IAsyncDisposable
    {
        private readonly CuttableDialer _network;

        public Session(XmppClientOptions options)
        {
            options.Dialer = _network = new CuttableDialer(options.Dialer ?? SocketDialer.Instance);
            var log = new FakeLoggerProvider();
            Log = log.Collector;
            options.LoggerFactory = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(log));
            Client = new XmppClient(options);
        }

        public XmppClient Client { get; }

        public FakeLogCollector Log { get; }

        public void Cut() => _network.Cut();

        /// <summary>The next event of that type that fits; others before it are passed over.</summary>
        public async Task<T> EventAsync<T>(Func<T, bool>? fits = null)
            where T : XmppEvent
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
            limit.CancelAfter(Patience);
            await foreach (var next in Client.ReadEventsAsync(limit.Token))
            {
                if (next is T wanted && fits?.Invoke(wanted) != false)
                {
                    return wanted;
                }
            }

            throw new InvalidOperationException($"The client ended without {typeof(T).Name}.");
        }

        public ValueTask DisposeAsync() => new(Client.DisposeAsync().AsTask().WaitAsync(Patience));
    }
}
