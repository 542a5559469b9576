using XmppChatClient.StanzaIds;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

// XEP-0359 v0.7.0
public sealed class StanzaIdTests
{
    // §2
    [Fact]
    public void Ids_go_both_ways()
    {
        var id = Wire.BothWays<StanzaId>("<stanza-id xmlns='urn:xmpp:sid:0' id='de305d54-75b4-431b-adb2-eb6b9e546013' by='room@muc.example.com'/>");
        Assert.Equal(new StanzaId("de305d54-75b4-431b-adb2-eb6b9e546013", Jid.Parse("room@muc.example.com")), id);
        Assert.Equal("de305d54", Wire.BothWays<OriginId>("<origin-id xmlns='urn:xmpp:sid:0' id='de305d54'/>").Id);
    }

    [Theory]
    [InlineData("by='room@muc.example.com'")]
    [InlineData("id='' by='room@muc.example.com'")]
    [InlineData("id='a'")]
    [InlineData("id='a' by='@'")]
    public void Malformed_ids_are_none(string attributes)
    {
        Assert.Null(Wire.Read<StanzaId>($"<stanza-id xmlns='urn:xmpp:sid:0' {attributes}/>"));
        Assert.Equal(attributes.StartsWith("id='a'", StringComparison.Ordinal), Wire.Read<OriginId>($"<origin-id xmlns='urn:xmpp:sid:0' {attributes}/>") is not null);
    }

    // §3: in a message between two the account gives the id, in a room the room does.
    [Theory]
    [InlineData("chat", "<stanza-id xmlns='urn:xmpp:sid:0' id='a' by='bot@example.org'/>", "a")]
    [InlineData("chat", "<stanza-id xmlns='urn:xmpp:sid:0' id='x' by='evil.example'/><stanza-id xmlns='urn:xmpp:sid:0' id='a' by='BOT@example.org'/>", "a")]
    [InlineData("normal", "<stanza-id xmlns='urn:xmpp:sid:0' id='a' by='bot@example.org'/>", "a")]
    [InlineData("groupchat", "<stanza-id xmlns='urn:xmpp:sid:0' id='b' by='room@conference.example.org'/>", "b")]
    [InlineData("groupchat", "<stanza-id xmlns='urn:xmpp:sid:0' id='a' by='bot@example.org'/>", null)]
    [InlineData("chat", "<stanza-id xmlns='urn:xmpp:sid:0' id='b' by='room@conference.example.org'/>", null)]
    [InlineData("chat", "<stanza-id xmlns='urn:xmpp:sid:0' id='a' by='bot@example.org/1'/>", null)]
    [InlineData("chat", "<stanza-id xmlns='urn:xmpp:sid:0' id='a' by='bot@example.org'/><stanza-id xmlns='urn:xmpp:sid:0' id='c' by='bot@example.org'/>", null)]
    [InlineData("chat", "<stanza-id xmlns='urn:xmpp:sid:0' by='bot@example.org'/>", null)]
    [InlineData("chat", "<origin-id xmlns='urn:xmpp:sid:0' id='a'/>", null)]
    public void Only_the_archive_that_a_message_came_by_is_believed(string type, string ids, string? expected)
    {
        var message = (Message)new StanzaReader().Read(
            XmppElement.Parse($"<message xmlns='jabber:client' type='{type}' from='room@conference.example.org/juliet'><body>b</body>{ids}</message>"), out _)!;
        Assert.Equal(expected, StanzaId.Trusted(message, Jid.Parse("bot@example.org/1"))?.Id);
    }
}
