using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Stanzas;

public sealed class StanzaReaderTests
{
    [Theory]
    [InlineData("<message/>", "is not a stanza")]
    [InlineData("<message xmlns='jabber:server'/>", "is not a stanza")]
    [InlineData("<features xmlns='http://etherx.jabber.org/streams'/>", "is not a stanza")]
    [InlineData("<Message xmlns='jabber:client'/>", "<Message/> of type '' is unknown")]
    [InlineData("<error xmlns='jabber:client'/>", "<error/> of type '' is unknown")]
    [InlineData("<message xmlns='jabber:client' from=''/>", "the sender's address is malformed")]
    [InlineData("<message xmlns='jabber:client' from='@example.com'/>", "the sender's address is malformed")]
    [InlineData("<presence xmlns='jabber:client' from='a b@example.com'/>", "the sender's address is malformed")]
    [InlineData("<iq xmlns='jabber:client' type='get' to='example.com/'/>", "the receiver's address is malformed")]
    public void What_is_no_stanza_is_told(string xml, string problem) =>
        Assert.Contains(problem, Read.Problem(xml), StringComparison.Ordinal);

    [Fact]
    public void Addresses_are_normalised_and_the_recent_ones_are_shared()
    {
        var reader = new StanzaReader();
        var first = reader.Read(XmppElement.Parse("<message xmlns='jabber:client' from='juliet@example.com/Balcony'/>"), out _)!;
        var again = reader.Read(XmppElement.Parse("<presence xmlns='jabber:client' from='juliet@example.com/Balcony'/>"), out _)!;
        var other = reader.Read(XmppElement.Parse("<presence xmlns='jabber:client' from='JULIET@EXAMPLE.COM/Balcony'/>"), out _)!;
        Assert.Same(first.From, again.From);
        Assert.Equal(first.From, other.From);
        Assert.Null(first.To);
    }

    [Fact]
    public void A_thousand_senders_stay_apart()
    {
        var reader = new StanzaReader();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 1_000; i++)
            {
                var stanza = reader.Read(XmppElement.Parse($"<message xmlns='jabber:client' from='a{i}@example.com'/>"), out _)!;
                Assert.Equal($"a{i}@example.com", stanza.From!.ToString());
            }
        }
    }
}
