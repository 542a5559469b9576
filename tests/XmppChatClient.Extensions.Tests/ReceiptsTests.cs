using XmppChatClient.Receipts;
using XmppChatClient.Roster;

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
    public async Task Who_gives_up_leaves_nothing_behind()
    {
        await using var live = await LiveClient.ConnectAsync();
        using var patience = new CancellationTokenSource();
        var delivering = live.Client.Get<ReceiptsModule>().DeliverAsync(new Message { To = Romeo, Id = "m1" }, patience.Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => DeliverAsync(live, new Message { To = Romeo, Id = "m1" }));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivering);
        var again = DeliverAsync(live, new Message { To = Romeo, Id = "m1" });
        Assert.False(again.IsFaulted);
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
    public async Task Number_of_waits_is_bounded()
    {
        await using var live = LiveClient.Create();
        var receipts = live.Client.Get<ReceiptsModule>();
        var waits = Enumerable.Range(0, ReceiptsModule.MostExpected)
            .Select(i => receipts.DeliveredAsync(new Message { To = Romeo, Id = $"{i}" }, LiveClient.Token)).ToList();
        Assert.DoesNotContain(waits, w => w.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => receipts.DeliveredAsync(new Message { To = Romeo, Id = "one-more" }, LiveClient.Token));
    }

    [Fact]
    public async Task Message_that_nobody_can_answer_is_refused()
    {
        await using var live = LiveClient.Create();
        foreach (var message in (Message[])
        [
            new() { Id = "m1" },
            new() { Id = "m1", To = Romeo, Type = MessageType.Groupchat },
            new() { Id = "m1", To = Romeo, Type = MessageType.Error },
            new() { To = Romeo },
        ])
        {
            await Assert.ThrowsAsync<ArgumentException>(
                () => live.Client.Get<ReceiptsModule>().DeliveredAsync(message, LiveClient.Token));
        }
    }

    private static Task DeliverAsync(LiveClient live, Message message) =>
        live.Client.Get<ReceiptsModule>().DeliverAsync(message, LiveClient.Token);

    private static async Task AssertNothingSentAsync(LiveClient live)
    {
        live.Server.Send("<iq type='get' id='last' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
        Assert.Equal("last", (await live.Server.NextAsync()).Attribute("id"));
    }
}
