using XmppChatClient.Archive;
using XmppChatClient.CatchUp;
using XmppChatClient.Receipts;
using XmppChatClient.Roster;
using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

// XEP-0184 v1.4.0
public sealed class ReceiptsTests
{
    private const string Asks = "<body>My lord, dispatch; read o'er these articles.</body><request xmlns='urn:xmpp:receipts'/>";

    private static readonly Jid Romeo = Jid.Parse("romeo@example.net/orchard");

    // §5
    [Fact]
    public void Request_and_receipt_go_both_ways()
    {
        Wire.BothWays<ReceiptRequest>("<request xmlns='urn:xmpp:receipts'/>");
        Assert.Equal("richard2-4.1.247", Wire.BothWays<DeliveryReceipt>("<received xmlns='urn:xmpp:receipts' id='richard2-4.1.247'/>").Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("id=''")]
    public void Receipt_for_nothing_is_none(string attributes) =>
        Assert.Null(Wire.Read<DeliveryReceipt>($"<received xmlns='urn:xmpp:receipts' {attributes}/>"));

    // §4
    [Fact]
    public async Task Support_is_advertised()
    {
        await using var live = await LiveClient.ConnectAsync();
        Assert.Contains("urn:xmpp:receipts", live.Client.Features);
    }

    [Theory]
    [InlineData("type='chat'", "type='chat'")]
    [InlineData("type='normal'", "")]
    [InlineData("", "")]
    public async Task Request_is_answered_once_and_the_message_goes_on(string type, string answerType)
    {
        await using var live = await LiveClient.ConnectAsync();
        live.Server.Send($"<message from='{Romeo}' id='m1' {type}>{Asks}</message>");
        var receipt = await live.Server.NextAsync();
        Assert.Equal(
            $"<message xmlns='jabber:client' to='{Romeo}' id='{receipt.Attribute("id")}'{(answerType.Length > 0 ? " " + answerType : "")}><received xmlns='urn:xmpp:receipts' id='m1'/></message>",
            receipt.ToString());
        Assert.Equal("m1", (await live.EventAsync<MessageReceived>()).Message.Id);
        await AssertNothingSentAsync(live);
    }

    // §5: a client returns a receipt when it has processed the message.
    [Fact]
    public async Task Where_messages_are_acknowledged_after_handling_so_are_receipts_sent()
    {
        await using var live = await LiveClient.ConnectAsync(o => o.StreamManagement.Acknowledge = AcknowledgeMode.AfterHandling);
        live.Server.Send($"<message from='{Romeo}' id='m1' type='chat'>{Asks}</message>");
        var received = await live.EventAsync<MessageReceived>();
        await AssertNothingSentAsync(live);
        received.MarkHandled();
        Assert.Equal("m1", (await live.Server.NextAsync()).Get<DeliveryReceipt>()?.Id);
        received.MarkHandled();
        await AssertNothingSentAsync(live);
    }

    // §5.4: when it is first received.
    [Theory]
    [InlineData(AcknowledgeMode.OnReceive)]
    [InlineData(AcknowledgeMode.AfterHandling)]
    public async Task What_was_missed_is_answered_when_it_is_handed_out(AcknowledgeMode mode)
    {
        await using var live = await LiveClient.ConnectAsync(o =>
        {
            o.StreamManagement.Acknowledge = mode;
            o.Ensure<CatchUpModule>().Position = new ArchivePlace("a0", DateTimeOffset.UnixEpoch);
        });
        await AnswerArchiveAsync(live, $"<message xmlns='jabber:client' from='{Romeo}' to='bot@example.org' id='m1' type='chat'>{Asks}</message>");
        var received = await live.EventAsync<MessageReceived>();
        if (mode == AcknowledgeMode.AfterHandling)
        {
            await AssertNothingSentAsync(live);
            received.MarkHandled();
        }

        Assert.Equal("m1", (await live.Server.NextAsync()).Get<DeliveryReceipt>()?.Id);
        received.MarkHandled();
        await AssertNothingSentAsync(live);
    }

    [Fact]
    public async Task Receipt_that_was_missed_comes_out_of_the_archive()
    {
        await using var live = await LiveClient.ConnectAsync(
            o => o.Ensure<CatchUpModule>().Position = new ArchivePlace("a0", DateTimeOffset.UnixEpoch));
        var receipt = await live.Client.SendAsync(Asking("m1"), LiveClient.Token);
        await AnswerArchiveAsync(live, $"<message xmlns='jabber:client' from='{Romeo}' to='bot@example.org'><received xmlns='urn:xmpp:receipts' id='m1'/></message>");
        await receipt.DeliveredAsync(LiveClient.Token).WaitAsync(TimeSpan.FromSeconds(30), LiveClient.Token);
        Assert.Equal(SendState.Delivered, receipt.State);
        live.Server.Send("<message from='last@example.org'/>");
        Assert.Equal("last@example.org", (await live.EventAsync<MessageReceived>()).Message.From?.ToString());
    }

    // §3.3, §3.4, and what would go round for ever or tell nobody anything.
    [Theory]
    [InlineData("from='romeo@example.net/o' id='m' type='error'", Asks)]
    [InlineData("from='romeo@example.net/o' id='m' type='groupchat'", Asks)]
    [InlineData("from='romeo@example.net/o' id='m' type='headline'", Asks)]
    [InlineData("from='romeo@example.net/o' type='chat'", Asks)]
    [InlineData("from='romeo@example.net/o' id='' type='chat'", Asks)]
    [InlineData("from='romeo@example.net/o' id='m' type='chat'", "<request xmlns='urn:xmpp:receipts'/><received xmlns='urn:xmpp:receipts' id='other'/>")]
    [InlineData("from='romeo@example.net/o' id='m' type='chat'", "<body>No receipt, please.</body>")]
    [InlineData("from='bot@example.org/2' id='m' type='chat'", Asks)]
    [InlineData("from='bot@example.org' id='m' type='chat'", Asks)]
    [InlineData("id='m' type='chat'", Asks)]
    [InlineData("from='bot@example.org' id='m' type='chat'", "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='romeo@example.net/o' id='m' type='chat'>" + Asks + "</message></forwarded></received>")]
    [InlineData("from='romeo@example.net/o' id='m' type='chat'", "<result xmlns='urn:xmpp:mam:2' id='a'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='romeo@example.net/o' id='m' type='chat'>" + Asks + "</message></forwarded></result>")]
    public async Task Nothing_else_is_answered(string attributes, string content)
    {
        await using var live = await LiveClient.ConnectAsync();
        live.Server.Send($"<message {attributes}>{content}</message>");
        await AssertNothingSentAsync(live);
    }

    // §6
    [Theory]
    [InlineData(ReceiptPolicy.AnswerAll, "none", true)]
    [InlineData(ReceiptPolicy.AnswerSubscribers, "none", false)]
    [InlineData(ReceiptPolicy.AnswerSubscribers, "to", false)]
    [InlineData(ReceiptPolicy.AnswerSubscribers, "from", true)]
    [InlineData(ReceiptPolicy.AnswerSubscribers, "both", true)]
    [InlineData(ReceiptPolicy.AnswerNobody, "both", false)]
    public async Task Policy_says_who_is_answered(ReceiptPolicy policy, string subscription, bool answered)
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<ReceiptsModule>().Policy = policy);
        await live.Server.AskAsync($"<query xmlns='jabber:iq:roster'><item jid='romeo@example.net' subscription='{subscription}'/></query>", "set", "");
        Assert.Single(live.Client.Get<RosterModule>().Items);
        live.Server.Send($"<message from='{Romeo}' id='m1' type='chat'>{Asks}</message>");
        if (answered)
        {
            Assert.NotNull((await live.Server.NextAsync()).Get<DeliveryReceipt>());
        }

        await AssertNothingSentAsync(live);
    }

    [Theory]
    [InlineData("romeo@example.net/orchard", "romeo@example.net/orchard", true)]
    [InlineData("romeo@example.net", "romeo@example.net/garden", true)]
    [InlineData("romeo@example.net/orchard", "romeo@example.net/garden", true)]
    [InlineData("romeo@example.net/orchard", "mallory@example.net/orchard", false)]
    [InlineData("romeo@example.net/orchard", "example.net", false)]
    public async Task Receipt_is_taken_from_whom_the_message_went_to(string to, string from, bool taken)
    {
        await using var live = await LiveClient.ConnectAsync();
        var delivering = DeliverAsync(live, new Message { To = Jid.Parse(to), Type = MessageType.Chat, Body = "Hail" });
        var sent = await live.Server.NextAsync();
        Assert.NotNull(sent.Get<ReceiptRequest>());
        live.Server.Send($"<message from='{from}'><received xmlns='urn:xmpp:receipts' id='{sent.Attribute("id")}'/></message><message from='last@example.org'/>");

        // What was waited for is no message; what was not is one of its sender's.
        var next = (await live.EventAsync<MessageReceived>()).Message;
        Assert.Equal(taken ? "last@example.org" : from, next.From?.ToString());
        if (taken)
        {
            await delivering.WaitAsync(Hang.Limit, LiveClient.Token);
        }
        else
        {
            Assert.False(delivering.IsCompleted);
        }
    }

    [Fact]
    public async Task Receipt_for_another_message_is_not_for_this_one()
    {
        await using var live = await LiveClient.ConnectAsync();
        var first = DeliverAsync(live, new Message { To = Romeo, Id = "m1" });
        var second = DeliverAsync(live, new Message { To = Romeo, Id = "m2" });
        live.Server.Send($"<message from='{Romeo}'><received xmlns='urn:xmpp:receipts' id='m3'/></message><message from='{Romeo}'><received xmlns='urn:xmpp:receipts' id='m2'/></message>");
        await second.WaitAsync(Hang.Limit, LiveClient.Token);
        Assert.False(first.IsCompleted);
    }

    [Fact]
    public async Task Message_that_comes_back_was_not_delivered()
    {
        await using var live = await LiveClient.ConnectAsync();
        var delivering = DeliverAsync(live, new Message { To = Romeo, Id = "m1", Type = MessageType.Chat });
        live.Server.Send("<message from='mallory@evil.example' id='m1' type='error'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
        Assert.Equal("mallory@evil.example", (await live.EventAsync<MessageReceived>()).Message.From?.ToString());
        Assert.False(delivering.IsCompleted);
        live.Server.Send($"<message from='{Romeo}' id='m1' type='error'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
        var error = await Assert.ThrowsAsync<XmppStanzaException>(() => delivering.WaitAsync(Hang.Limit, LiveClient.Token));
        Assert.Equal(Stanzas.StanzaErrorCondition.ItemNotFound, error.Error.Condition);

        // Whoever handles errors hears of it as well.
        Assert.Equal(MessageType.Error, (await live.EventAsync<MessageReceived>()).Message.Type);
    }

    [Fact]
    public async Task Wait_outlasts_a_session()
    {
        await using var live = await LiveClient.ConnectAsync();
        var delivering = DeliverAsync(live, new Message { To = Romeo, Id = "m1" });
        await live.Server.SentAsync("message");
        live.Server.Drop();
        var ended = await live.EventAsync<SessionEnded>();
        await live.Clock.TimerSetAsync(ended.RetryIn!.Value);
        live.Clock.Advance(ended.RetryIn.Value);
        await live.EventAsync<SessionStarted>();
        live.Server.Send($"<message from='{Romeo}'><received xmlns='urn:xmpp:receipts' id='m1'/></message>");
        await delivering.WaitAsync(Hang.Limit, LiveClient.Token);
    }

    [Fact]
    public async Task Who_gives_up_may_ask_again()
    {
        await using var live = await LiveClient.ConnectAsync();
        using var patience = new CancellationTokenSource();
        var receipt = await live.Client.SendAsync(Asking("m1"), LiveClient.Token);
        var waiting = receipt.DeliveredAsync(patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        live.Server.Send($"<message from='{Romeo}'><received xmlns='urn:xmpp:receipts' id='m1'/></message>");
        await receipt.DeliveredAsync(LiveClient.Token).WaitAsync(TimeSpan.FromSeconds(30), LiveClient.Token);
    }

    // One receipt is for both; one that comes again is for none.
    [Fact]
    public async Task Message_that_is_sent_twice_is_delivered_once()
    {
        await using var live = await LiveClient.ConnectAsync();
        SendReceipt[] receipts = [await live.Client.SendAsync(Asking("m1"), LiveClient.Token), await live.Client.SendAsync(Asking("m1"), LiveClient.Token)];
        var received = $"<message from='{Romeo}'><received xmlns='urn:xmpp:receipts' id='m1'/></message>";
        live.Server.Send(received + received);
        Assert.NotNull((await live.EventAsync<MessageReceived>()).Message.Get<DeliveryReceipt>());
        Assert.Equal([SendState.Delivered, SendState.Delivered], receipts.Select(r => r.State));
    }

    // Nothing tells here but the receipt.
    [Fact]
    public async Task Receipt_makes_it_delivered_where_the_server_acknowledges_nothing()
    {
        await using var live = await LiveClient.ConnectAsync();
        var receipt = await live.Client.SendAsync(Asking("m1"), LiveClient.Token);
        var other = await live.Client.SendAsync(Asking("m2"), LiveClient.Token);
        Assert.Equal(SendState.Unknown, receipt.State);
        live.Server.Send($"<message from='{Romeo}'><received xmlns='urn:xmpp:receipts' id='m1'/></message>");
        await receipt.DeliveredAsync(LiveClient.Token).WaitAsync(TimeSpan.FromSeconds(30), LiveClient.Token);
        Assert.Equal((SendState.Delivered, SendState.Unknown), (receipt.State, other.State));
        Assert.Equal(SendState.Unknown, await receipt.SettledAsync(LiveClient.Token));
    }

    [Fact]
    public async Task What_asked_for_no_receipt_has_none()
    {
        await using var live = await LiveClient.ConnectAsync();
        foreach (var message in (Message[])
        [
            new() { To = Romeo, Id = "m1", Body = "b" },
            Asking("m2") with { To = null },
            Asking("m3") with { To = Jid.Parse("bot@example.org/2") },
            Asking("m4") with { Type = MessageType.Groupchat },
        ])
        {
            var receipt = await live.Client.SendAsync(message, LiveClient.Token);
            await Assert.ThrowsAsync<InvalidOperationException>(() => receipt.DeliveredAsync(LiveClient.Token));
        }
    }

    [Fact]
    public async Task What_cannot_be_sent_is_not_waited_for()
    {
        await using var live = LiveClient.Create();
        await Assert.ThrowsAsync<XmppConnectionException>(() => DeliverAsync(live, new Message { To = Romeo, Id = "m1" }));
        await live.Client.ConnectAsync(LiveClient.Token);
        await Assert.ThrowsAsync<ArgumentException>(() => DeliverAsync(live, new Message { To = Romeo, Id = "m1", Body = "\u0001" }));
        Assert.False(DeliverAsync(live, new Message { To = Romeo, Id = "m1" }).IsFaulted);
    }

    [Fact]
    public async Task Oldest_of_too_many_is_given_up()
    {
        await using var live = await LiveClient.ConnectAsync();
        var receipts = new List<SendReceipt>();
        for (var i = 0; i <= 10_000; i++)
        {
            receipts.Add(await live.Client.SendAsync(Asking($"m{i}"), LiveClient.Token));
        }

        await Assert.ThrowsAsync<XmppException>(() => receipts[0].DeliveredAsync(LiveClient.Token));
        live.Server.Send($"<message from='{Romeo}'><received xmlns='urn:xmpp:receipts' id='m1'/></message>");
        await receipts[1].DeliveredAsync(LiveClient.Token).WaitAsync(TimeSpan.FromSeconds(30), LiveClient.Token);
        Assert.Equal((SendState.Unknown, SendState.Delivered, SendState.Unknown), (receipts[0].State, receipts[1].State, receipts[2].State));
    }

    [Fact]
    public async Task Message_that_nobody_can_answer_is_refused()
    {
        await using var live = await LiveClient.ConnectAsync();
        foreach (var message in (Message[])
        [
            new() { Id = "m1" },
            new() { Id = "m1", To = Romeo, Type = MessageType.Groupchat },
            new() { Id = "m1", To = Romeo, Type = MessageType.Error },
            new() { Id = "m1", To = Jid.Parse("bot@example.org/2") },
            new() { Id = "", To = Romeo },
        ])
        {
            await Assert.ThrowsAsync<ArgumentException>(() => DeliverAsync(live, message));
        }
    }

    private static Message Asking(string id) =>
        new() { To = Romeo, Id = id, Type = MessageType.Chat, Body = "Hail", Payloads = [new ReceiptRequest()] };

    private static Task DeliverAsync(LiveClient live, Message message) =>
        live.Client.Get<ReceiptsModule>().DeliverAsync(message, LiveClient.Token);

    private static async Task AnswerArchiveAsync(LiveClient live, string message)
    {
        var asked = await live.Server.SentAsync(e => e.Elements.ToArray().Any(c => c.Name == new XmlName("urn:xmpp:mam:2", "query")));
        var query = asked.Elements.ToArray()[0].Attribute("queryid");
        live.Server.Send(
            $"<message from='bot@example.org'><result xmlns='urn:xmpp:mam:2' queryid='{query}' id='a1'><forwarded xmlns='urn:xmpp:forward:0'>"
            + $"<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>{message}</forwarded></result></message>"
            + $"<iq type='result' id='{asked.Attribute("id")}'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>");
    }

    private static async Task AssertNothingSentAsync(LiveClient live)
    {
        live.Server.Send("<iq type='get' id='last' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
        Assert.Equal("last", (await live.Server.NextAsync()).Attribute("id"));
    }
}
