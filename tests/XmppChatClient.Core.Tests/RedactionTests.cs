using XmppChatClient.Session;
using XmppChatClient.Xml;

namespace XmppChatClient.Core.Tests;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>c2VjcmV0</auth>")]
    [InlineData("<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>c2VjcmV0</challenge>")]
    [InlineData("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>c2VjcmV0</response>")]
    [InlineData("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>c2VjcmV0</success>")]
    [InlineData("<authenticate xmlns='urn:xmpp:sasl:2' mechanism='X'><initial-response>c2VjcmV0</initial-response></authenticate>")]
    [InlineData("<challenge xmlns='urn:xmpp:sasl:2'>c2VjcmV0</challenge>")]
    [InlineData("<response xmlns='urn:xmpp:sasl:2'>c2VjcmV0</response>")]
    [InlineData("<success xmlns='urn:xmpp:sasl:2'><additional-data>c2VjcmV0</additional-data></success>")]
    [InlineData("<success xmlns='urn:xmpp:sasl:2'><token xmlns='urn:xmpp:fast:0' token='c2VjcmV0' expiry='x'/></success>")]
    [InlineData("<iq xmlns='jabber:client'><query xmlns='jabber:iq:auth'><password>c2VjcmV0</password></query></iq>")]
    [InlineData("<iq xmlns='jabber:client'><query xmlns='jabber:iq:auth'><digest>c2VjcmV0</digest></query></iq>")]
    [InlineData("<iq xmlns='jabber:client'><query xmlns='jabber:iq:register'><password>c2VjcmV0</password></query></iq>")]
    [InlineData("<handshake xmlns='jabber:component:accept'>c2VjcmV0</handshake>")]
    [InlineData("<x xmlns='jabber:x:data' type='submit'><field var='password'><value>c2VjcmV0</value></field></x>")]
    [InlineData("<x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_roomsecret' type='text-private'><value>c2VjcmV0</value></field></x>")]
    [InlineData("<x xmlns='jabber:x:data' type='submit'><field var='old_password'><value>c2VjcmV0</value><value>c2VjcmV0</value></field></x>")]
    [InlineData("<x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_roomsecret'><value>c2VjcmV0</value></field></x>")]
    [InlineData("<presence xmlns='jabber:client'><x xmlns='http://jabber.org/protocol/muc'><password>c2VjcmV0</password></x></presence>")]
    [InlineData("<message xmlns='jabber:client'><x xmlns='http://jabber.org/protocol/muc#user'><password>c2VjcmV0</password></x></message>")]
    [InlineData("<message xmlns='jabber:client'><x xmlns='jabber:x:conference' jid='r@example.org' password='c2VjcmV0'/></message>")]
    public void Secret_is_taken_out(string xml)
    {
        var element = XmppElement.Parse(xml);
        var redacted = Redaction.Redact(element);
        Assert.DoesNotContain("c2VjcmV0", redacted.ToString(), StringComparison.Ordinal);
        Assert.Contains("[redacted]", redacted.ToString(), StringComparison.Ordinal);
        Assert.Equal(element.Name, redacted.Name);
    }

    [Theory]
    [InlineData("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'/>")]
    [InlineData("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>")]
    [InlineData("<message xmlns='jabber:client'><body>my password</body></message>")]
    [InlineData("<x xmlns='jabber:x:data' type='form'><field var='password' type='text-private'><required/></field></x>")]
    [InlineData("<x xmlns='jabber:x:data' type='submit'><field var='username'><value>romeo</value></field></x>")]
    [InlineData("<x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_passwordprotectedroom' type='boolean'><value>1</value></field></x>")]
    public void What_is_no_secret_stays_as_it_is(string xml)
    {
        var element = XmppElement.Parse(xml);
        Assert.Same(element, Redaction.Redact(element));
    }

    [Fact]
    public void Element_that_should_not_have_content_is_redacted_whole() => Assert.Equal(
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>[redacted]</auth>",
        Redaction.Redact(XmppElement.Parse(
            "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'><hidden>secret</hidden></auth>")).ToString());
}
