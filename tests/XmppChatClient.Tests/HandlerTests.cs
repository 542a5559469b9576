using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Moq;
using XmppChatClient.Storage;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests;

public sealed class HandlerTests
{
    [Fact]
    public async Task Handler_that_throws_ends_nothing_and_its_sender_is_told()
    {
        var second = new Mock<ISecondHandler>();
        await using var bot = TestBot.Create(
            xmpp =>
            {
                TestBot.Add(xmpp, (context, token) => context.Message.Body is "boom" or null
                    ? throw new InvalidOperationException("the handler's fault")
                    : context.ReplyAsync("first", token));
                second.Setup(h => h.HandleMessageAsync(It.IsAny<MessageContext>(), It.IsAny<CancellationToken>()))
                    .Returns((MessageContext context, CancellationToken token) => context.ReplyAsync("second", token));
                xmpp.Services.AddSingleton(second.Object);
                xmpp.AddMessageHandler<ISecondHandler>();
            },
            new() { ["Xmpp:Dispatch:FailureReply"] = "Sorry." });
        await bot.StartAsync();
        bot.Server.Send(TestBot.Chat("juliet", "boom") + TestBot.Chat("juliet", "next"));
        Assert.Equal("Sorry.", await bot.ReplyAsync());
        Assert.Equal("second", await bot.ReplyAsync());
        Assert.Equal("first", await bot.ReplyAsync());
        Assert.Equal("second", await bot.ReplyAsync());
        var error = Assert.Single(bot.Logs, r => r.Level == LogLevel.Error);
        Assert.Equal("the handler's fault", error.Exception!.Message);

        // What nobody said gets no apology: a note that somebody is typing, a headline.
        bot.Server.Send("<message from='juliet@example.org/b' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>");
        Assert.Equal("second", await bot.ReplyAsync());
        bot.Server.Send("<message from='news@example.org' type='headline'><body>boom</body></message>");
        Assert.Equal("second", await bot.ReplyAsync());
    }

    [Fact]
    public async Task Handler_that_hangs_holds_up_its_own_conversation_only()
    {
        var gate = new TaskCompletionSource();
        await using var bot = await TestBot.StartAsync(async (context, token) =>
        {
            if (context.Message.From!.Local == "slow")
            {
                await gate.Task.WaitAsync(token);
            }

            await context.ReplyAsync(context.Message.Body!, token);
        });
        bot.Server.Send(TestBot.Chat("slow", "1") + TestBot.Chat("slow", "2") + TestBot.Chat("quick", "3"));
        Assert.Equal("3", await bot.ReplyAsync());
        Assert.Equal("result", (await bot.Server.AskAsync("<ping xmlns='urn:xmpp:ping'/>")).Attribute("type"));
        gate.SetResult();
        Assert.Equal("1", await bot.ReplyAsync());
        Assert.Equal("2", await bot.ReplyAsync());
    }

    // XEP-0280 §10.4: a bot must not answer its own words, nor what another client of its account answers.
    [Fact]
    public async Task Copy_of_a_message_goes_to_those_who_want_copies_and_is_not_answered()
    {
        const string Inner = "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='{0}' to='{1}' type='chat'><body>copied</body></message></forwarded>";
        var copies = new ConcurrentQueue<CopyContext>();
        var handler = new Mock<IMessageHandler>();
        handler.Setup(h => h.HandleMessageAsync(It.IsAny<MessageContext>(), It.IsAny<CancellationToken>()))
            .Returns((MessageContext context, CancellationToken token) => context.ReplyAsync(context.Message.Body ?? "", token));
        handler.Setup(h => h.HandleCopyAsync(It.IsAny<CopyContext>(), It.IsAny<CancellationToken>()))
            .Returns((CopyContext context, CancellationToken _) =>
            {
                copies.Enqueue(context);
                return context.IsSent ? ValueTask.CompletedTask : throw new InvalidOperationException("the handler's fault");
            });
        await using var bot = TestBot.Create(
            xmpp =>
            {
                xmpp.Services.AddSingleton(handler.Object);
                xmpp.AddMessageHandler<IMessageHandler>();
            },
            new() { ["Xmpp:Carbons"] = "true", ["Xmpp:Dispatch:FailureReply"] = "Sorry." });
        await bot.BeginAsync();
        var asked = await bot.Server.SentAsync("iq");
        bot.Server.Send($"<iq type='result' id='{asked.Attribute("id")}'/>");
        await bot.Server.SentAsync("presence");
        bot.Server.Send(
            "<message from='bot@example.org' type='chat'><sent xmlns='urn:xmpp:carbons:2'>"
            + string.Format(CultureInfo.InvariantCulture, Inner, "bot@example.org/desk", "juliet@example.org") + "</sent></message>"
            + "<message from='bot@example.org' type='chat'><received xmlns='urn:xmpp:carbons:2'>"
            + string.Format(CultureInfo.InvariantCulture, Inner, "juliet@example.org/b", "bot@example.org/desk") + "</received></message>"
            + TestBot.Chat("juliet", "live"));
        Assert.Equal("live", await bot.ReplyAsync());
        Assert.Equal([(true, "copied", "juliet@example.org"), (false, "copied", "juliet@example.org/b")],
            copies.Select(c => (c.IsSent, c.Message.Body!, c.Peer!.ToString())));
        Assert.All(copies, c => Assert.Same(bot.Client, c.Client));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Handler_that_hangs_cannot_hold_up_the_stop(bool heedsItsToken)
    {
        var entered = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        var bot = await TestBot.StartAsync(
            async (_, token) =>
            {
                entered.TrySetResult();
                await never.Task.WaitAsync(heedsItsToken ? token : CancellationToken.None);
            },
            new()
            {
                ["Xmpp:Dispatch:Concurrency"] = "1",
                ["Xmpp:Dispatch:Capacity"] = "1",
                ["Xmpp:Dispatch:StopTimeout"] = "00:00:00",
                ["Xmpp:Limits:Inbox"] = "2",
            });

        // More than handlers, dispatcher and inbox can hold: everything is full.
        bot.Server.Send(string.Concat(Enumerable.Range(0, 20).Select(i => TestBot.Chat($"sender{i}", "hi"))));
        await entered.Task.WaitAsync(Hang.Limit, TestBot.Token);
        await bot.StopAsync();
        await bot.Server.SentAsync(e => e.Attribute("type") == "unavailable");
        Assert.Same(TestSupport.MemoryServer.ClosingTag, await bot.Server.NextAsync());
        never.SetResult();
        await bot.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_lost_or_out_of_order_when_handlers_are_slower_than_what_comes()
    {
        const int Messages = 200;
        const int Held = 1 + 2 + 1 + 2 + 1; // handler, its dispatcher, the dispatcher's hand, inbox, the read loop's hand
        var handled = new ConcurrentQueue<string>();
        var all = new TaskCompletionSource();
        var turns = new SemaphoreSlim(0);
        TestBot? started = null;
        await using var bot = started = await TestBot.StartAsync(
            async (context, token) =>
            {
                await turns.WaitAsync(token);
                handled.Enqueue(context.Message.Body!);
                Assert.InRange(Messages - started!.Server.Unread, 0, handled.Count + Held);
                if (handled.Count == Messages)
                {
                    all.SetResult();
                }
            },
            new()
            {
                ["Xmpp:Dispatch:Concurrency"] = "1",
                ["Xmpp:Dispatch:Capacity"] = "2",
                ["Xmpp:Limits:Inbox"] = "2",
            });
        bot.Server.Send(string.Concat(Enumerable.Range(0, Messages).Select(i => TestBot.Chat(i % 2 == 0 ? "even" : "odd", $"{i}"))));
        for (var i = 0; i < Messages; i++)
        {
            turns.Release();
        }

        await all.Task.WaitAsync(Hang.Limit, TestBot.Token);
        var numbers = handled.Select(int.Parse).ToList();
        Assert.Equal(Enumerable.Range(0, Messages / 2).Select(i => i * 2), numbers.Where(n => n % 2 == 0));
        Assert.Equal(Enumerable.Range(0, Messages / 2).Select(i => (i * 2) + 1), numbers.Where(n => n % 2 == 1));
        Assert.DoesNotContain(bot.Logs, r => r.Level == LogLevel.Error);
        turns.Dispose();
    }

    [Fact]
    public async Task Handler_may_await_an_answer_while_the_inbox_is_full()
    {
        await using var bot = await TestBot.StartAsync(
            async (context, token) =>
            {
                if (context.Message.Body == "0")
                {
                    await context.Client.RequestAsync(new Iq(IqType.Get, new Ping.PingRequest()), cancellationToken: token);
                }

                await context.ReplyAsync(context.Message.Body!, token);
            },
            new() { ["Xmpp:Dispatch:Concurrency"] = "1", ["Xmpp:Dispatch:Capacity"] = "1", ["Xmpp:Limits:Inbox"] = "2" });

        // One with the handler, one in the dispatcher's hand, two in the inbox, one in the read loop's hand, and one more.
        bot.Server.Send(string.Concat(Enumerable.Range(0, 6).Select(i => TestBot.Chat("juliet", $"{i}"))));
        var request = await bot.Server.SentAsync("iq");
        bot.Server.Send($"<iq type='result' id='{request.Attribute("id")}'/>");
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal($"{i}", await bot.ReplyAsync());
        }
    }

    [Theory]
    [InlineData("juliet@example.org/b", "error", "")]
    [InlineData("bot@example.org/1", "chat", "")]
    [InlineData(null, "chat", "")]
    [InlineData("room@muc.example.org/Bot", "groupchat", "Bot")]
    [InlineData("room@muc.example.org/Bot", "chat", "Bot")]
    [InlineData("room@muc.example.org/Robot", "groupchat", "Bot Robot")]
    public async Task Error_or_own_echo_reaches_no_handler(string? from, string type, string nicknames)
    {
        await using var bot = await TestBot.StartAsync((context, token) => context.ReplyAsync(context.Message.Body!, token));
        await EnterAsync(bot);
        bot.Server.Send(Joined(nicknames));
        var sender = from is null ? "" : $"from='{from}'";
        var another = from is null ? "juliet@example.org/b" : $"{Jid.Parse(from).Bare}/another";

        // Of one conversation, and so in order.
        bot.Server.Send($"<message {sender} type='{type}'><body>echo</body></message><message from='{another}'><body>next</body></message>");
        Assert.Equal("next", await bot.ReplyAsync());
        Assert.DoesNotContain(bot.Logs, r => r.Level == LogLevel.Error);
    }

    [Theory]
    [InlineData("room@muc.example.org/Juliet", "Bot", "")]
    [InlineData("room@muc.example.org/Bot", "Bot Robot", "")]
    [InlineData("room@muc.example.org/Bot", "Bot", "<presence from='room@muc.example.org/Bot' type='unavailable'/>")]
    [InlineData("other@muc.example.org/Bot", "Bot", "")]
    [InlineData("bot@example.org/2", "", "")]
    public async Task Somebody_elses_message_is_no_echo(string from, string nicknames, string then)
    {
        await using var bot = await TestBot.StartAsync((context, token) => context.ReplyAsync(context.Message.Body!, token));
        await EnterAsync(bot);
        bot.Server.Send(Joined(nicknames) + then);
        bot.Server.Send($"<message from='{from}' type='groupchat'><body>hello</body></message>");
        Assert.Equal("hello", await bot.ReplyAsync());
    }

    // Who is no room that we have asked to let us in can say that he is us as often as he likes.
    [Theory]
    [InlineData("x@mallory.example/Bot")]
    [InlineData("other@muc.example.org/Bot")]
    public async Task Claim_of_a_stranger_to_be_us_is_neither_believed_nor_kept(string from)
    {
        await using var bot = await TestBot.StartAsync((context, token) => context.ReplyAsync(context.Message.Body!, token));
        await EnterAsync(bot);
        bot.Server.Send(
            $"<presence from='{from}'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>"
            + $"<message from='{from}' type='groupchat'><body>hello</body></message>");
        Assert.Equal("hello", await bot.ReplyAsync());
        Assert.Null(bot.Client.FindNote($"occupant:{Jid.Parse(from).Bare}"));
    }

    // Whoever asks again does so when the room has refused, which may be before this is handled.
    [Fact]
    public async Task Name_that_was_refused_first_is_known_as_our_own_all_the_same()
    {
        await using var bot = await TestBot.StartAsync((context, token) => context.ReplyAsync(context.Message.Body!, token));
        await EnterAsync(bot);
        bot.Server.Send(
            "<presence from='room@muc.example.org/Bot' type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
            + Joined("Bot_")
            + "<message from='room@muc.example.org/Bot_' type='groupchat'><body>echo</body></message>"
            + "<message from='room@muc.example.org/Juliet' type='groupchat'><body>next</body></message>");
        Assert.Equal("next", await bot.ReplyAsync());
    }

    // A process that goes on with the session is not told by the room again.
    [Fact]
    public async Task Echo_of_what_an_earlier_process_said_reaches_no_handler()
    {
        var store = new MemoryStore();
        await using (var earlier = Create(store))
        {
            await earlier.StartAsync();
            await EnterAsync(earlier);
            earlier.Server.Send(Joined("Bot") + "<message from='room@muc.example.org/Juliet' type='groupchat'><body>hello</body></message>");
            Assert.Equal("hello", await earlier.ReplyAsync());
        }

        await using var later = Create(store);
        await later.StartAsync();
        later.Server.Send(
            "<message from='room@muc.example.org/Bot' type='groupchat'><body>echo</body></message>"
            + "<message from='room@muc.example.org/Juliet' type='groupchat'><body>next</body></message>");
        Assert.Equal("next", await later.ReplyAsync());

        static TestBot Create(MemoryStore store) => TestBot.Create(
            xmpp =>
            {
                xmpp.Services.AddSingleton<IXmppStore>(store);
                TestBot.Add(xmpp, (context, token) => context.ReplyAsync(context.Message.Body!, token));
            },
            new() { ["Xmpp:CatchUp"] = "false" });
    }

    [Theory]
    [InlineData("10", "", 10)]
    [InlineData("3", "", 3)]
    [InlineData("3", "Sorry.", 3)]
    [InlineData("0", "", 50)]
    public async Task Two_bots_that_answer_everything_come_to_an_end(string longest, string failureReply, int replies)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Xmpp:Dispatch:ReplyChain"] = longest,
            ["Xmpp:Dispatch:FailureReply"] = failureReply,
        };
        await using var one = await TestBot.StartAsync(AnswerAsync, settings);
        await using var other = await TestBot.StartAsync(AnswerAsync, settings);
        var said = "<body>hello</body>";
        var count = 0;
        for (; count < 50; count++)
        {
            // Of one conversation, and so in order; what is behind the question begins a chain of its own.
            var bot = count % 2 == 0 ? one : other;
            bot.Server.Send(
                $"<message from='peer@example.org/bot' type='chat'>{said}</message>"
                + "<message from='peer@example.org/human' type='chat'><body>and?</body></message>");
            var answer = await bot.Server.SentAsync("message");
            if (answer.Attribute("to") == "peer@example.org/human")
            {
                break;
            }

            said = string.Concat(answer.Elements.ToArray().Select(e => e.ToString()));
            await bot.Server.SentAsync("message");
        }

        Assert.Equal(replies, count);

        async ValueTask AnswerAsync(MessageContext context, CancellationToken token)
        {
            if (failureReply.Length > 0)
            {
                throw new InvalidOperationException("the handler's fault");
            }

            await context.ReplyAsync($"{context.Message.Body}", token);
        }
    }

    [Theory]
    [InlineData("<headers xmlns='http://jabber.org/protocol/shim'><header name='Max-Forwards'>1</header></headers>", "0")]
    [InlineData("<headers xmlns='http://jabber.org/protocol/shim'><header name='Max-Forwards'>4000000</header></headers>", "9")]
    [InlineData("<headers xmlns='http://jabber.org/protocol/shim'><header name='Max-Forwards'>-1</header></headers>", "9")]
    [InlineData("<headers xmlns='http://jabber.org/protocol/shim'><header name='Urgency'>0</header></headers>", "9")]
    [InlineData("<headers xmlns='urn:other'><header name='Max-Forwards'>0</header></headers>", "9")]
    [InlineData("", "9")]
    public async Task Reply_says_how_many_more_may_follow(string headers, string left)
    {
        await using var bot = await TestBot.StartAsync((context, token) => context.ReplyAsync("yes", token));
        bot.Server.Send($"<message from='juliet@example.org/b'><body>hello</body>{headers}</message>");
        Assert.Equal(
            $"<body xmlns='jabber:client'>yes</body><headers xmlns='http://jabber.org/protocol/shim'><header name='Max-Forwards'>{left}</header></headers>",
            string.Concat((await bot.Server.SentAsync("message")).Elements.ToArray().Select(e => e.ToString())));
    }

    [Fact]
    public async Task Duration_and_failures_are_measured_per_handler()
    {
        using var durations = new MetricCollector<double>(null, "XmppChatClient", "xmpp.bot.handler.duration");
        using var failures = new MetricCollector<long>(null, "XmppChatClient", "xmpp.bot.handler.failures");
        await using var bot = TestBot.Create(xmpp => xmpp.AddMessageHandler<MeasuredHandler>());
        await bot.StartAsync();
        bot.Server.Send(TestBot.Chat("juliet", "fine") + TestBot.Chat("juliet", "boom") + TestBot.Chat("juliet", "last"));
        Assert.Equal("fine", await bot.ReplyAsync());
        Assert.Equal("last", await bot.ReplyAsync());
        await bot.StopAsync();

        // Three messages, the start and the end of the session.
        Assert.Equal(5, durations.GetMeasurementSnapshot().Count(IsOurs));
        Assert.Equal(1, failures.GetMeasurementSnapshot().Where(IsOurs).Sum(m => m.Value));

        static bool IsOurs<T>(CollectedMeasurement<T> measurement)
            where T : struct => measurement.Tags.TryGetValue("handler", out var name) && name as string == nameof(MeasuredHandler);
    }

    [Fact]
    public async Task Each_message_has_a_scope_that_ends_with_it()
    {
        await using var bot = TestBot.Create(xmpp =>
        {
            xmpp.Services.AddScoped<Resource>();
            xmpp.AddMessageHandler<ScopedHandler>();
        });
        await bot.StartAsync();
        bot.Server.Send(TestBot.Chat("juliet", "1") + TestBot.Chat("juliet", "2"));
        Assert.Equal("in use", await bot.ReplyAsync());
        Assert.Equal("disposed", await bot.ReplyAsync());
        Assert.Equal("in use", await bot.ReplyAsync());
        Assert.Equal("disposed", await bot.ReplyAsync());
    }

    [Fact]
    public async Task Handler_that_is_added_twice_handles_once()
    {
        await using var bot = TestBot.Create(xmpp => xmpp
            .AddMessageHandler<MeasuredHandler>().AddSessionHandler<MeasuredHandler>().AddMessageHandler<MeasuredHandler>());
        await bot.StartAsync();
        bot.Server.Send(TestBot.Chat("juliet", "1") + TestBot.Chat("juliet", "2"));
        Assert.Equal("1", await bot.ReplyAsync());
        Assert.Equal("2", await bot.ReplyAsync());
    }

    // XEP-0045 §7.2.2 and §7.6: status 110 marks our own presence, 303 a change of nickname.
    private static async Task EnterAsync(TestBot bot)
    {
        var entry = XmppElement.Parse("<x xmlns='http://jabber.org/protocol/muc'/>");
        await bot.Client.SendAsync(new Presence { To = Jid.Parse("room@muc.example.org/Bot"), Payloads = [entry] }, TestBot.Token);
    }

    private static string Joined(string nicknames)
    {
        const string Self = "<status xmlns='http://jabber.org/protocol/muc#user' code='110'/>";
        var names = nicknames.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return "<presence from='room@muc.example.org/Juliet'><x xmlns='http://jabber.org/protocol/muc#user'/></presence>"
            + string.Concat(names.Select((name, i) =>
                (i == 0 ? "" : $"<presence from='room@muc.example.org/{names[i - 1]}' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'>{Self}<status code='303'/></x></presence>")
                + $"<presence from='room@muc.example.org/{name}'><x xmlns='http://jabber.org/protocol/muc#user'>{Self}</x></presence>"));
    }

    internal interface ISecondHandler : IMessageHandler;

    private sealed class MeasuredHandler : IMessageHandler, ISessionHandler
    {
        public ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken) =>
            context.Message.Body == "boom"
                ? throw new InvalidOperationException("boom")
                : context.ReplyAsync(context.Message.Body!, cancellationToken);
    }

    private sealed class Resource(XmppClient client) : IAsyncDisposable
    {
        public string State { get; private set; } = "in use";

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            State = "disposed";
            await client.SendAsync(Jid.Parse("juliet@example.org"), State);
        }
    }

    private sealed class ScopedHandler(Resource resource) : IMessageHandler
    {
        public ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken) =>
            context.ReplyAsync(context.Services.GetRequiredService<Resource>() == resource ? resource.State : "another", cancellationToken);
    }
}
