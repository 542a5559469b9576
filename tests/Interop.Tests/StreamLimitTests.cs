using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Streams;

namespace XmppChatClient.Interop.Tests;

/// <summary>XEP-0478: both servers take 256 KiB here. Prosody says so.</summary>
public sealed class StreamLimitTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_prosody_says_it_takes_it_takes_and_what_is_longer_is_not_sent()
    {
        var server = await servers.GetAsync(ServerKind.Prosody);
        await using var client = await Accounts.LoginNewAsync(server, "limit", Token);
        Assert.Equal(new StreamLimits(262_144, TimeSpan.FromSeconds(840)), client.StreamLimits);
        var message = new Message { Id = "1", To = client.Jid, Type = MessageType.Chat, Body = "" };
        var rest = 262_144 - Xml.XmlStreamWriter.ToText(message with { Body = "x" }).Length + 1;
        var error = await Assert.ThrowsAsync<XmppStanzaTooLargeException>(
            async () => await client.SendAsync(message with { Body = new string('x', rest + 1) }, Token));
        Assert.Equal(262_144, error.Limit);
        await client.SendAsync(message with { Body = new string('x', rest) }, Token);
        await client.NextAsync<MessageReceived>(m => m.Message.Body?.Length == rest, Token);
    }

    [Fact]
    public async Task Ejabberd_ends_the_stream_without_having_said_anything()
    {
        var server = await servers.GetAsync(ServerKind.Ejabberd);
        await using var client = await Accounts.LoginNewAsync(server, "limit", Token, o => o.Reconnect.Enabled = false);
        Assert.Null(client.StreamLimits);
        await client.SendAsync(client.Jid, new string('x', 300_000), Token);
        var error = await Assert.ThrowsAsync<XmppStreamException>(async () => await client.ReadEventsAsync(Token).CountAsync(Token));
        Assert.Equal(StreamErrorCondition.PolicyViolation, error.Error.Condition);
    }
}
