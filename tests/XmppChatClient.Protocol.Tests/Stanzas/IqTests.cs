using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Stanzas;

/// <summary>RFC 6120 §8.2.3.</summary>
public sealed class IqTests
{
    private static readonly XmppElement Query = XmppElement.Parse("<query xmlns='jabber:iq:roster'/>");

    [Theory]
    [InlineData("get", IqType.Get, true)]
    [InlineData("set", IqType.Set, true)]
    [InlineData("result", IqType.Result, false)]
    [InlineData("error", IqType.Error, false)]
    public void Types_are_read_and_written(string name, IqType type, bool isRequest)
    {
        var xml = $"<iq xmlns='jabber:client' from='juliet@example.com' id='1' type='{name}'><query xmlns='jabber:iq:roster'/></iq>";
        var iq = Read.Stanza<Iq>(xml);
        Assert.Equal((type, isRequest), (iq.Type, iq.IsRequest));
        Assert.Equal(Query.Name, Assert.IsType<XmppElement>(iq.Payload).Name);
        Assert.Equal(xml, iq.ToString());
        Assert.Equal($"<iq xmlns='jabber:client' type='{name}'><query xmlns='jabber:iq:roster'/></iq>", new Iq(type, Query).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" type=''")]
    [InlineData(" type='GET'")]
    [InlineData(" type='subscribe'")]
    public void An_IQ_of_no_known_type_is_none(string type) => Read.Problem($"<iq xmlns='jabber:client' id='1'{type}/>");

    [Fact]
    public void A_bare_result_has_no_payload() => Assert.Null(Read.Stanza<Iq>("<iq xmlns='jabber:client' id='1' type='result'/>").Payload);

    [Fact]
    public void An_error_may_repeat_the_request()
    {
        // RFC 6120 §8.3.1
        var iq = Read.Stanza<Iq>(
            "<iq xmlns='jabber:client' id='1' type='error'><query xmlns='jabber:iq:roster'/>"
            + "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        Assert.Equal(StanzaErrors.ItemNotFound, iq.Error);
        Assert.Equal(2, iq.Payloads.Length);
    }

    [Fact]
    public void A_reply_has_the_id_and_goes_to_the_sender()
    {
        var request = new Iq(IqType.Get, Query) { From = Jid.Parse("juliet@example.com/b"), To = Jid.Parse("romeo@example.net"), Id = "q" };
        Assert.Equal(
            "<iq xmlns='jabber:client' to='juliet@example.com/b' id='q' type='result'><query xmlns='jabber:iq:roster'/></iq>",
            request.Reply(Query).ToString());
        Assert.Equal("<iq xmlns='jabber:client' to='juliet@example.com/b' id='q' type='result'/>", request.Reply(null).ToString());
        Assert.Equal(
            "<iq xmlns='jabber:client' to='juliet@example.com/b' id='q' type='error'><error type='cancel'>"
            + "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
            request.Reply(StanzaErrors.ServiceUnavailable).ToString());
    }

    [Theory]
    [InlineData(IqType.Result)]
    [InlineData(IqType.Error)]
    public void What_is_no_request_is_not_answered(IqType type) =>
        Assert.Throws<InvalidOperationException>(() => new Iq(type) { Id = "1" }.Reply(null));
}
