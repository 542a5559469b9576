using XmppChatClient.Streams;
using XmppChatClient.Transports;

namespace XmppChatClient.Core.Tests;

/// <summary>Every way in which a client ends tells whoever waits for it and whoever reads its events.</summary>
public sealed class SessionEndTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closing_while_connecting_ends_all_that_wait(bool dispose)
    {
        var connecting = new TaskCompletionSource();
        await using var client = new XmppClient(Options(async token =>
        {
            connecting.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(token);
            return null!;
        }));
        var events = client.ReadToEndAsync();
        var connected = client.ConnectAsync(Token);
        await connecting.Task.Soon();
        await (dispose ? client.DisposeAsync().AsTask() : client.CloseAsync(Token)).Soon();
        Assert.Equal(SessionState.Closed, client.State);
        Assert.Contains("closed", (await Assert.ThrowsAsync<XmppException>(() => connected.Soon())).Message, StringComparison.Ordinal);
        Assert.Empty(await events.Soon());
    }

    [Fact]
    public async Task Closing_waits_for_a_connect_that_is_about_to_succeed()
    {
        Task? closing = null;
        var server = new ScriptedServer(TranscriptTests.Login + "C: </stream:stream>\nS: </stream:stream>");
        await using var client = new XmppClient(server.Options(o =>
        {
            o.Presence = new PresenceOptions();
            o.Modules.Add(new FakeModule(m => m.OnPresenceSending(presence =>
            {
                closing ??= m.Client.CloseAsync(Token);
                return presence;
            })));
        }));
        await Record.ExceptionAsync(() => client.ConnectAsync(Token));
        await closing!.Soon();
        Assert.Equal(SessionState.Closed, client.State);
        await client.ReadToEndAsync().Soon();
        await server.HungUp.Soon();
    }

    [Fact]
    public async Task Fault_of_a_connector_ends_the_run_and_its_events()
    {
        var fault = new NotSupportedException("no such network");
        await using var client = new XmppClient(Options(_ => Task.FromException<IXmppTransport>(fault)));
        var events = new List<XmppEvent>();
        var reading = client.ReadToEndAsync(events);
        Assert.Same(fault, await Assert.ThrowsAsync<NotSupportedException>(() => client.RunAsync(Token).Soon()));
        Assert.Same(fault, await Assert.ThrowsAsync<NotSupportedException>(() => reading.Soon()));
        Assert.Equal(SessionState.Closed, client.State);
        var ended = Assert.IsType<SessionEnded>(Assert.Single(events));
        Assert.Equal((SessionEndReason.Failed, null), (ended.Reason, ended.RetryIn));
        Assert.Same(fault, ended.Error?.InnerException);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closing_between_two_attempts_is_the_last_event(bool cancel)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var lost = new XmppConnectionException("no network");
        var options = Options(_ => Task.FromException<IXmppTransport>(lost));
        options.TimeProvider = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var client = new XmppClient(options);
        var run = client.RunAsync(running.Token);
        await using var events = client.ReadEventsAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync().AsTask().Soon());
        Assert.Same(lost, Assert.IsType<SessionEnded>(events.Current).Error);
        await (cancel ? running.CancelAsync() : client.CloseAsync(Token)).Soon();
        await run.Soon();
        Assert.Equal([new SessionEnded(SessionEndReason.Closed, null, null)], await client.ReadToEndAsync().Soon());
    }

    [Fact]
    public async Task Connect_may_be_repeated_after_the_fault_of_a_connector()
    {
        var client = new XmppClient(Options(_ => Task.FromException<IXmppTransport>(new NotSupportedException())));
        for (var attempt = 0; attempt < 2; attempt++)
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => client.ConnectAsync(Token).Soon());
            Assert.Equal(SessionState.Idle, client.State);
        }

        await client.DisposeAsync();
        Assert.Empty(await client.ReadToEndAsync().Soon());
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("", "is empty")]
    [InlineData("\nsecret", "is empty")]
    [InlineData("sec\u0007ret", "password")]
    public async Task Password_that_cannot_be_had_is_a_fatal_error(string? content, string problem)
    {
        var file = Path.GetTempFileName();
        var server = new ScriptedServer("""
            C: version='1.0'
            S: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0'>
            S: <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>
            """);
        await using var client = new XmppClient(server.Options(o =>
        {
            o.Jid = Jid.Parse("romeo@example.org");
            o.PasswordFile = file;
            o.Reconnect.Enabled = true;
        }));
        File.Delete(file);
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content, Token);
        }

        var error = await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.RunAsync(Token).Soon());
        File.Delete(file);
        Assert.False(error.IsTransient);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("PasswordFile", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sec", error.Message.Replace(file, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Full_inbox_and_a_server_that_does_not_read_yet_do_not_hold_up_the_end()
    {
        // The server reads nothing until all it sent was taken, and we read nothing at all.
        const string Flood = "<message><body>1</body></message><message><body>2</body></message><message><body>3</body></message>";
        var server = new ScriptedServer(
            TranscriptTests.Login + $"C: <presence\nS: {Flood}\nS: {Flood}\nC: </stream:stream>\nS: </stream:stream>")
        {
            Capacity = 1,
        };
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var client = new XmppClient(server.Options(o =>
        {
            o.Limits.Inbox = 1;
            o.Presence = new PresenceOptions();
            o.TimeProvider = time;
        }));
        await client.ConnectAsync(Token).Soon();
        await client.CloseAsync(Token).Soon();
        await server.Done.Soon();
        Assert.Equal(6, (await client.ReadToEndAsync().Soon()).OfType<MessageReceived>().Count());
    }

    [Theory]
    [InlineData("conflict", SessionEndReason.StreamError)]
    [InlineData("policy-violation", SessionEndReason.StreamError)]
    public async Task Fatal_stream_error_while_a_session_starts_is_fatal(string condition, SessionEndReason reason)
    {
        var server = new ScriptedServer(
            TranscriptTests.Login + "C: <query xmlns='urn:test'/>\n"
            + $"S: <stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
        await using var client = new XmppClient(server.Options(o =>
        {
            o.Reconnect.Enabled = true;
            o.Modules.Add(new FakeModule(m => m.OnSessionStart(async token => await m.Client.RequestAsync(
                new Iq(IqType.Get, new FakePayload()), cancellationToken: token))));
        }));
        var events = new List<XmppEvent>();
        var reading = client.ReadToEndAsync(events);
        var error = await Assert.ThrowsAsync<XmppStreamException>(() => client.RunAsync(Token).Soon());
        Assert.Equal(condition, error.Error.Condition.ToWireName());
        await Assert.ThrowsAsync<XmppStreamException>(() => reading.Soon());
        Assert.Equal([new SessionEnded(reason, error, null)], events);
    }

    [Theory]
    [InlineData("S: </stream:stream>")]
    [InlineData("S: !cut")]
    public async Task Start_that_waits_for_something_else_ends_with_its_connection(string end)
    {
        var server = new ScriptedServer(TranscriptTests.Login + end);
        await using var client = new XmppClient(server.Options(o => o.Modules.Add(new FakeModule(
            m => m.OnSessionStart(async token => await new TaskCompletionSource().Task.WaitAsync(token))))));
        await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal(SessionState.Idle, client.State);
    }

    [Fact]
    public async Task Session_whose_first_presence_cannot_be_sent_has_not_started()
    {
        var server = new ScriptedServer(TranscriptTests.Login + "S: <message><body>early</body></message>");
        await using var client = new XmppClient(server.Options(
            o => o.Presence = new PresenceOptions { Status = "\0" }));
        var events = new List<XmppEvent>();
        var reading = client.ReadToEndAsync(events);
        await Assert.ThrowsAsync<ArgumentException>(() => client.RunAsync(Token).Soon());
        await Assert.ThrowsAsync<ArgumentException>(() => reading.Soon());
        Assert.DoesNotContain(events, e => e is SessionStarted);
        Assert.IsType<SessionEnded>(events[^1]);
    }

    [Fact]
    public async Task Handlers_that_never_end_do_not_hold_up_the_end()
    {
        var running = 0;
        var all = new TaskCompletionSource();
        var requests = string.Concat(Enumerable.Range(0, 64)
            .Select(i => $"<iq type='get' id='q{i}' from='a@example.org/b'><query xmlns='urn:test'/></iq>"));
        var server = new ScriptedServer(TranscriptTests.Login + $"S: {requests}");
        await using var client = new XmppClient(server.Options(o =>
        {
            o.Timeouts.Close = TimeSpan.FromMilliseconds(1);
            o.Modules.Add(new FakeModule(m => m.OnIq<FakePayload>(IqType.Get, (_, _, _) =>
            {
                if (++running == 64)
                {
                    all.SetResult();
                }

                return new ValueTask<IPayload?>(new TaskCompletionSource<IPayload?>().Task);
            })));
        }));
        await client.ConnectAsync(Token).Soon();
        await all.Task.Soon();
        await client.CloseAsync(Token).Soon();
        Assert.Equal(SessionState.Closed, client.State);
    }

    private static XmppClientOptions Options(Func<CancellationToken, Task<IXmppTransport>> connect) =>
        new() { Jid = Jid.Parse("example.org"), Connector = new FakeConnector(connect) };
}
