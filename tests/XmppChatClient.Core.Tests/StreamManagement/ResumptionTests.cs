using XmppChatClient.Modules;
using XmppChatClient.TestSupport;
using XmppChatClient.Xml;

namespace XmppChatClient.Core.Tests.StreamManagement;

public sealed class ResumptionTests
{
    private static readonly XmlName Slow = new("urn:example:slow", "query");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_goes_on_over_the_next_connection_and_does_not_start_again()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var sessions = new SessionCounts();
        await using var live = await LiveClient.ConnectAsync(server, o => o.Modules.Add(sessions));
        await using var juliet = await server.LoginAsync("juliet", Token);
        var jid = live.Client.Jid;
        server.Faults.DropConnections();
        var ended = await live.EventAsync<SessionEnded>();
        Assert.True(ended.MayResume);
        await juliet.SendAsync(jid, "while it was gone", Token);
        live.Clock.Advance(ended.RetryIn!.Value);
        Assert.Equal(new SessionStarted(jid, Resumed: true), await live.EventAsync<XmppEvent>());
        Assert.Equal("while it was gone", Assert.IsType<MessageReceived>(await live.EventAsync<XmppEvent>()).Message.Body);
        Assert.Equal((1, 0), (sessions.Started, sessions.Ended));
    }

    [Fact]
    public async Task What_is_sent_while_there_is_no_connection_arrives_in_order_and_once()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var receipts = new List<SendReceipt> { await live.Client.SendAsync(juliet.Jid, "1", Token) };
        server.Faults.DropConnections();
        receipts.Add(await live.Client.SendAsync(juliet.Jid, "2", Token));
        var ended = await live.EventAsync<SessionEnded>();
        receipts.Add(await live.Client.SendAsync(juliet.Jid, "3", Token));
        live.Clock.Advance(ended.RetryIn!.Value);
        await live.EventAsync<SessionStarted>();
        receipts.Add(await live.Client.SendAsync(juliet.Jid, "4", Token));
        foreach (var body in new[] { "1", "2", "3", "4" })
        {
            Assert.Equal(body, (await juliet.ReceiveAsync(Token)).Body);
        }

        foreach (var receipt in receipts)
        {
            Assert.Equal(SendState.Acknowledged, await SettledAsync(live, receipt));
        }
    }

    [Fact]
    public async Task Request_is_answered_over_the_next_connection()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var asking = live.Client.RequestAsync(new Iq(IqType.Get, new XmppElement(Slow)) { To = juliet.Jid }, null, Token);
        var asked = await juliet.ReceiveXmlAsync(Token);
        server.Faults.DropConnections();
        var ended = await live.EventAsync<SessionEnded>();
        await juliet.SendXmlAsync($"<iq type='result' id='{asked.Attribute("id")}' to='{live.Client.Jid}'/>", Token);
        live.Clock.Advance(ended.RetryIn!.Value);
        Assert.Equal(IqType.Result, (await asking.Soon()).Type);
    }

    [Fact]
    public async Task Request_of_a_peer_is_answered_over_the_next_connection()
    {
        var answer = new TaskCompletionSource<IPayload?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.Modules.Add(new FakeModule(
            module => module.OnIq<FakePayload>(IqType.Get, async (_, _, token) =>
            {
                asked.TrySetResult();
                return await answer.Task.WaitAsync(token);
            }))));
        await using var juliet = await server.LoginAsync("juliet", Token);
        await juliet.SendAsync(new Iq(IqType.Get, new FakePayload()) { To = live.Client.Jid, Id = "q" }, Token);
        await asked.Task.Soon();
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        answer.SetResult(new FakePayload());
        var reply = await juliet.ReceiveXmlAsync(Token);
        Assert.Equal(("q", "result"), (reply.Attribute("id"), reply.Attribute("type")));
    }

    [Fact]
    public async Task Receipt_is_settled_when_the_server_was_asked()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        var receipt = await live.Client.SendAsync(live.Client.Jid, "note", Token);
        Assert.Equal(SendState.Sent, receipt.State);
        live.Clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(SendState.Acknowledged, await receipt.SettledAsync(Token).Soon());
    }

    [Fact]
    public async Task Server_is_asked_after_so_many_stanzas_without_waiting()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.StreamManagement.RequestEvery = 3);
        var receipts = new List<SendReceipt>();
        for (var i = 0; i < 6; i++)
        {
            receipts.Add(await live.Client.SendAsync(live.Client.Jid, "note", Token));
        }

        // The presence of the login was the first of them all.
        Assert.Equal(SendState.Acknowledged, await receipts[4].SettledAsync(Token).Soon());
        Assert.Equal(SendState.Sent, receipts[5].State);
        Assert.Equal(2, server.Transcript.ToString().Split("C: <r ").Length - 1);
    }

    [Fact]
    public async Task Closing_settles_what_was_sent()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var live = await LiveClient.ConnectAsync(server);
        var receipt = await live.Client.SendAsync(live.Client.Jid, "note", Token);
        await live.DisposeAsync();
        Assert.Equal(SendState.Acknowledged, receipt.State);
    }

    [Fact]
    public async Task Senders_wait_while_more_is_unacknowledged_than_may_be()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o =>
        {
            o.Presence = null;
            o.StreamManagement.Queue = 2;
            o.StreamManagement.RequestEvery = 2;
        });
        await using var juliet = await server.LoginAsync("juliet", Token);
        ValueTask<SendReceipt>[] sending;
        using (server.Faults.Delay(Timeout.InfiniteTimeSpan, live.Account))
        {
            sending = [.. Enumerable.Range(0, 4).Select(i => live.Client.SendAsync(juliet.Jid, $"{i}", Token))];
            Assert.Equal([true, true, false, false], sending.Select(s => s.IsCompleted));
            using var given = new CancellationTokenSource();
            var waiting = live.Client.SendAsync(juliet.Jid, "never", given.Token).AsTask();
            await given.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        var bodies = new List<string?>();
        while (bodies.Count < 4)
        {
            bodies.Add((await juliet.ReceiveAsync(Token)).Body);
        }

        Assert.Equal(["0", "1", "2", "3"], bodies.Order());
        foreach (var sent in sending)
        {
            await sent.AsTask().Soon();
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(4, 1)]
    public async Task Who_answers_all_that_comes_gets_through_with_the_smallest_limits(int inbox, int queue)
    {
        const int Count = 300;
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o =>
        {
            o.Limits.Inbox = inbox;
            o.StreamManagement.Queue = queue;
            o.StreamManagement.RequestEvery = 1;
        });
        await using var juliet = await server.LoginAsync("juliet", Token);
        var answering = AnswerAsync(live.Client, Count);
        for (var i = 0; i < Count; i++)
        {
            await juliet.SendAsync(live.Client.Jid, $"{i}", Token);
        }

        await answering.Soon();
        for (var i = 0; i < Count; i++)
        {
            Assert.Equal($"{i}", (await juliet.ReceiveAsync(Token)).Body);
        }

        static async Task AnswerAsync(XmppClient client, int count)
        {
            await foreach (var message in client.ReadMessagesAsync(Token))
            {
                await client.ReplyAsync(message, message.Body!, Token);
                if (--count == 0)
                {
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task Server_that_acknowledges_nothing_is_taken_for_dead()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        server.Faults.Delay(Timeout.InfiniteTimeSpan, live.Account);
        await live.Client.SendAsync(live.Client.Jid, "note", Token);
        live.Clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(SessionState.Online, live.Client.State);
        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(30); waited += TimeSpan.FromSeconds(0.5))
        {
            live.Clock.Advance(TimeSpan.FromSeconds(0.5));
        }

        var ended = await live.EventAsync<SessionEnded>();
        Assert.Equal(SessionEndReason.TimedOut, ended.Reason);
        Assert.True(ended.MayResume);
        server.Faults.Clear();
    }

    [Theory]
    [InlineData(ResendOnLostSession.Never, SendState.Lost)]
    [InlineData(ResendOnLostSession.Ask, SendState.Acknowledged)]
    [InlineData(ResendOnLostSession.Always, SendState.Acknowledged)]
    public async Task Lost_session_leaves_messages_to_the_policy(ResendOnLostSession policy, SendState state)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var asked = new List<string?>();
        await using var live = await LiveClient.ConnectAsync(server, o =>
        {
            o.StreamManagement.ResendOnLostSession = policy;
            o.StreamManagement.ResendAsync = (message, _) =>
            {
                asked.Add(message.Body);
                return ValueTask.FromResult(true);
            };
        });
        await using var juliet = await server.LoginAsync("juliet", Token);
        var (written, waiting) = await LoseAsync(server, live, juliet);
        Assert.Equal(state, await SettledAsync(live, written));
        Assert.Equal(SendState.Acknowledged, await SettledAsync(live, waiting));
        Assert.Equal(policy == ResendOnLostSession.Ask ? ["written"] : [], asked);
        Assert.Equal("written", (await juliet.ReceiveAsync(Token)).Body);
        if (policy != ResendOnLostSession.Never)
        {
            // This is the risk: the server had it.
            Assert.Equal("written", (await juliet.ReceiveAsync(Token)).Body);
        }

        Assert.Equal("waiting", (await juliet.ReceiveAsync(Token)).Body);
        Assert.Equal(state == SendState.Lost, written.Error is XmppSessionLostException);
    }

    // Who comes second is asked about what the first could not tell, and what nobody can is left to the policy.
    [Theory]
    [InlineData(true, null, "written")]
    [InlineData(false, null, "written")]
    [InlineData(null, true, "written, written")]
    [InlineData(null, false, "written, written")]
    [InlineData(null, null, "written, written")]
    public async Task Module_that_knows_what_arrived_decides(bool? first, bool? second, string asked)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var questions = new List<UnacknowledgedMessage>();
        await using var live = await LiveClient.ConnectAsync(server, o =>
        {
            o.Modules.Add(Knowing(first, questions));
            o.Modules.Add(Knowing(second, questions));
        });
        var before = live.Clock.GetUtcNow();
        await using var juliet = await server.LoginAsync("juliet", Token);
        var (written, waiting) = await LoseAsync(server, live, juliet);
        var hasArrived = first ?? second;
        Assert.Equal(hasArrived is null ? SendState.Lost : SendState.Acknowledged, await SettledAsync(live, written));
        Assert.Equal(SendState.Acknowledged, await SettledAsync(live, waiting));
        Assert.Equal(asked, string.Join(", ", questions.Select(m => m.Message.Body)));
        Assert.All(questions, q => Assert.InRange(q.SentAt, before, live.Clock.GetUtcNow()));
        Assert.Equal("written", (await juliet.ReceiveAsync(Token)).Body);
        Assert.Equal(hasArrived == false ? "written" : "waiting", (await juliet.ReceiveAsync(Token)).Body);
    }

    // An archive need not be searched further back than to that, and what has no body is not in it.
    [Fact]
    public async Task Module_is_told_what_was_acknowledged_last_before()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var questions = new List<UnacknowledgedMessage>();
        await using var live = await LiveClient.ConnectAsync(server, o => o.Modules.Add(Knowing(true, questions)));
        await using var juliet = await server.LoginAsync("juliet", Token);
        var known = await live.Client.SendAsync(juliet.Jid, "known", Token);
        var typing = await live.Client.SendAsync(new Message { To = juliet.Jid }, Token);
        Assert.Equal(SendState.Acknowledged, await SettledAsync(live, known));
        Assert.Equal(SendState.Acknowledged, await SettledAsync(live, typing));
        var (written, _) = await LoseAsync(server, live, juliet);
        await SettledAsync(live, written);
        var question = Assert.Single(questions);
        Assert.Equal("written", question.Message.Body);
        Assert.Equal(((Message)known.Stanza).Id, question.LastAcknowledged?.Id);
    }

    [Fact]
    public async Task Lost_session_fails_requests_and_starts_anew()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var sessions = new SessionCounts();
        await using var live = await LiveClient.ConnectAsync(server, o => o.Modules.Add(sessions));
        await using var juliet = await server.LoginAsync("juliet", Token);
        var asking = live.Client.RequestAsync(new Iq(IqType.Get, new XmppElement(Slow)) { To = juliet.Jid }, null, Token);
        await juliet.ReceiveXmlAsync(Token);
        server.Faults.RefuseResume();
        server.Faults.DropConnections();
        var ended = await live.EventAsync<SessionEnded>();
        Assert.Equal((1, 0), (sessions.Started, sessions.Ended));
        live.Clock.Advance(ended.RetryIn!.Value);
        Assert.False((await live.EventAsync<SessionStarted>()).Resumed);
        await Assert.ThrowsAsync<XmppSessionLostException>(() => asking.Soon());
        Assert.Equal((2, 1), (sessions.Started, sessions.Ended));
    }

    [Fact]
    public async Task Client_that_does_not_want_it_does_without()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server, o => o.StreamManagement.Enabled = false);
        var receipt = await live.Client.SendAsync(live.Client.Jid, "note", Token);
        Assert.Equal(SendState.Unknown, await receipt.SettledAsync(Token).Soon());
        server.Faults.DropConnections();
        Assert.False((await live.EventAsync<SessionEnded>()).MayResume);
        await Assert.ThrowsAsync<XmppConnectionException>(async () => await live.Client.SendAsync(live.Client.Jid, "note", Token));
    }

    [Fact]
    public async Task What_XML_cannot_carry_is_refused_at_once_also_without_a_connection()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var live = await LiveClient.ConnectAsync(server);
        server.Faults.DropConnections();
        await live.EventAsync<SessionEnded>();
        await Assert.ThrowsAsync<ArgumentException>(async () => await live.Client.SendAsync(live.Client.Jid, "\0", Token));
    }

    /// <summary>Sends a message that arrives, loses the connection and the session, and sends another one before the next
    /// session starts.</summary>
    private static FakeModule Knowing(bool? hasArrived, List<UnacknowledgedMessage> asked) =>
        new(module => module.OnUnacknowledged((messages, _) =>
        {
            asked.AddRange(messages);
            foreach (var message in messages)
            {
                message.HasArrived = hasArrived;
            }

            return ValueTask.CompletedTask;
        }));

    private static async Task<(SendReceipt Written, SendReceipt Waiting)> LoseAsync(
        XmppTestServer server, LiveClient live, TestUser juliet)
    {
        var written = await live.Client.SendAsync(juliet.Jid, "written", Token);
        await PingAsync(live);
        server.Faults.RefuseResume();
        server.Faults.DropConnections();
        var ended = await live.EventAsync<SessionEnded>();
        var waiting = await live.Client.SendAsync(juliet.Jid, "waiting", Token);
        live.Clock.Advance(ended.RetryIn!.Value);
        await live.EventAsync<SessionStarted>();
        return (written, waiting);
    }

    private static async Task<SendState> SettledAsync(LiveClient live, SendReceipt receipt)
    {
        var settled = receipt.SettledAsync(Token);
        while (!settled.IsCompleted)
        {
            // The timer that asks the server is set when something is sent, and that may still be to come.
            live.Clock.Advance(TimeSpan.FromSeconds(0.5));
            await Task.WhenAny(settled, PingAsync(live)).Soon();
        }

        return await settled;
    }

    private static Task PingAsync(LiveClient live) =>
        live.Client.RequestAsync(new Iq(IqType.Get, new XmppElement(new XmlName("urn:xmpp:ping", "ping"))), null, Token);

    private sealed class SessionCounts : IXmppModule
    {
        public int Started { get; private set; }

        public int Ended { get; private set; }

        public void Register(ModuleBuilder module) => module
            .OnSessionStart(_ =>
            {
                Started++;
                return ValueTask.CompletedTask;
            })
            .OnSessionEnd(() => Ended++);
    }
}
