using XmppChatClient.Roster;
using XmppChatClient.Subscriptions;

namespace XmppChatClient.Extensions.Tests;

// RFC 6121 §3
public sealed class SubscriptionTests
{
    [Theory]
    [InlineData(SubscriptionPolicy.AskHandler, "romeo@example.net", false)]
    [InlineData(SubscriptionPolicy.AskHandler, "stranger@example.net", false)]
    [InlineData(SubscriptionPolicy.AcceptRoster, "romeo@example.net", true)]
    [InlineData(SubscriptionPolicy.AcceptRoster, "romeo@example.net/orchard", true)]
    [InlineData(SubscriptionPolicy.AcceptRoster, "stranger@example.net", false)]
    [InlineData(SubscriptionPolicy.AcceptAll, "romeo@example.net", true)]
    [InlineData(SubscriptionPolicy.AcceptAll, "stranger@example.net/x", true)]
    public async Task Request_is_accepted_or_left_to_the_handler(SubscriptionPolicy policy, string from, bool accepted)
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<SubscriptionsModule>().Policy = policy);
        await live.Server.AskAsync("<query xmlns='jabber:iq:roster'><item jid='romeo@example.net'/></query>", "set", "");
        Assert.Single(live.Client.Get<RosterModule>().Items);
        live.Server.Send($"<presence from='{from}' type='subscribe' id='s'/><message from='last@example.org'/>");
        if (accepted)
        {
            // §3.1.5: between bare addresses.
            var sent = await live.Server.NextAsync();
            Assert.Equal(
                $"<presence xmlns='jabber:client' to='{Jid.Parse(from).Bare}' id='{sent.Attribute("id")}' type='subscribed'/>",
                sent.ToString());
        }

        var events = new List<XmppEvent>();
        await foreach (var next in live.Client.ReadEventsAsync(LiveClient.Token))
        {
            if (next is MessageReceived)
            {
                break;
            }

            events.Add(next);
        }

        Assert.Equal(accepted ? 0 : 1, events.OfType<PresenceReceived>().Count());
        await AssertNothingSentAsync(live);
    }

    [Theory]
    [InlineData("subscribe")]
    [InlineData("unsubscribe")]
    [InlineData("subscribed")]
    [InlineData("unsubscribed")]
    public async Task Each_step_goes_to_the_bare_address(string type)
    {
        await using var live = await LiveClient.ConnectAsync();
        var subscriptions = live.Client.Get<SubscriptionsModule>();
        var romeo = Jid.Parse("romeo@example.net/orchard");
        await (type switch
        {
            "subscribe" => subscriptions.SubscribeAsync(romeo, LiveClient.Token),
            "unsubscribe" => subscriptions.UnsubscribeAsync(romeo, LiveClient.Token),
            "subscribed" => subscriptions.ApproveAsync(romeo, LiveClient.Token),
            _ => subscriptions.DenyAsync(romeo, LiveClient.Token),
        });
        var sent = await live.Server.NextAsync();
        Assert.Equal(("presence", "romeo@example.net", type), (sent.Name.LocalName, sent.Attribute("to"), sent.Attribute("type")));
        Assert.Empty(sent.Elements.ToArray());
    }

    // Answering an answer would go on for ever.
    [Theory]
    [InlineData("subscribed")]
    [InlineData("unsubscribe")]
    [InlineData("unsubscribed")]
    [InlineData("probe")]
    [InlineData("error")]
    public async Task Nothing_but_a_request_is_answered(string type)
    {
        await using var live = await LiveClient.ConnectAsync(o => o.Ensure<SubscriptionsModule>().Policy = SubscriptionPolicy.AcceptAll);
        live.Server.Send($"<presence from='romeo@example.net' type='{type}'/>");
        await AssertNothingSentAsync(live);
        Assert.Equal(type, (await live.EventAsync<PresenceReceived>()).Presence.Type.ToString().ToLowerInvariant());
    }

    private static async Task AssertNothingSentAsync(LiveClient live)
    {
        live.Server.Send("<iq type='get' id='last' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>");
        Assert.Equal("last", (await live.Server.NextAsync()).Attribute("id"));
    }
}
