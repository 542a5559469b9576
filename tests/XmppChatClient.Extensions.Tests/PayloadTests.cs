using XmppChatClient.Capabilities;
using XmppChatClient.Disco;
using XmppChatClient.EntityTime;
using XmppChatClient.Ping;
using XmppChatClient.Roster;
using XmppChatClient.SoftwareVersion;
using XmppChatClient.Xml;

namespace XmppChatClient.Extensions.Tests;

public sealed class PayloadTests
{
    [Fact]
    public void Ping_is_an_empty_element() => AssertBothWays<PingRequest>("<ping xmlns='urn:xmpp:ping'/>");

    [Fact]
    public void Version_has_three_fields()
    {
        var version = AssertBothWays<VersionQuery>(
            "<query xmlns='jabber:iq:version'><name>Exodus</name><version>0.7.0.4</version><os>Windows-XP 5.01.2600</os></query>");
        Assert.Equal(("Exodus", "0.7.0.4", "Windows-XP 5.01.2600"), (version.Product, version.Version, version.OperatingSystem));
    }

    [Fact]
    public void Time_has_its_offset()
    {
        var time = AssertBothWays<TimeQuery>(
            "<time xmlns='urn:xmpp:time'><tzo>-06:00</tzo><utc>2006-12-19T17:58:35Z</utc></time>");
        Assert.Equal(new DateTimeOffset(2006, 12, 19, 11, 58, 35, TimeSpan.FromHours(-6)), time.Time);
    }

    [Theory]
    [InlineData("<time xmlns='urn:xmpp:time'><tzo>+99:00</tzo><utc>2006-12-19T17:58:35Z</utc></time>")]
    [InlineData("<time xmlns='urn:xmpp:time'><tzo>noon</tzo><utc>2006-12-19T17:58:35Z</utc></time>")]
    [InlineData("<time xmlns='urn:xmpp:time'><utc>yesterday</utc></time>")]
    public void Malformed_time_is_none(string xml) => Assert.Null(TimeQuery.Read(XmppElement.Parse(xml)));

    [Fact]
    public void Service_discovery_goes_both_ways()
    {
        var info = AssertBothWays<DiscoInfo>(
            "<query xmlns='http://jabber.org/protocol/disco#info' node='n'><identity category='conference' type='text' name='Play-Specific Chatrooms'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='jabber:iq:time'/></query>");
        Assert.Equal("conference", info.Identities[0].Category);
        Assert.Equal(2, info.Features.Length);
        Assert.Null(DiscoInfo.Read(XmppElement.Parse("<query xmlns='http://jabber.org/protocol/disco#info'><feature/></query>")));
        AssertBothWays<DiscoItems>(
            "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='people.shakespeare.lit' name='Directory of Characters'/></query>");
        Assert.Null(DiscoItems.Read(XmppElement.Parse("<query xmlns='http://jabber.org/protocol/disco#items'><item jid='@'/></query>")));
    }

    [Fact]
    public void Roster_goes_both_ways()
    {
        var roster = AssertBothWays<RosterQuery>(
            "<query xmlns='jabber:iq:roster' ver='ver7'><item jid='nurse@example.com' name='Nurse' subscription='both'><group>Servants</group></item><item jid='romeo@example.net' ask='subscribe'/></query>");
        Assert.Equal(RosterSubscription.Both, roster.Items[0].Subscription);
        Assert.True(roster.Items[1].IsAsking);
        Assert.Null(RosterQuery.Read(XmppElement.Parse("<query xmlns='jabber:iq:roster'><item/></query>")));
    }

    // XEP-0115 §5.2 and §5.3
    [Fact]
    public void Capabilities_hash_is_that_of_the_specification()
    {
        var simple = DiscoInfo.Read(XmppElement.Parse(
            "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' name='Exodus 0.9.1' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/></query>"))!;
        Assert.Equal("QgayPKawpkPSDYmwT/WM94uAlu0=", CapabilitiesHash.Compute(simple, "sha-1"));
        var complex = DiscoInfo.Read(XmppElement.Parse(
            "<query xmlns='http://jabber.org/protocol/disco#info'><identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/><identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field><field var='ip_version'><value>ipv4</value><value>ipv6</value></field><field var='os'><value>Mac</value></field><field var='os_version'><value>10.5.1</value></field><field var='software'><value>Psi</value></field><field var='software_version'><value>0.11</value></field></x></query>"))!;
        Assert.Equal("q07IKJEyjvHSyhy//CH0CxmKi8w=", CapabilitiesHash.Compute(complex, "sha-1"));
        Assert.Null(CapabilitiesHash.Compute(simple with { Features = [.. simple.Features, "http://jabber.org/protocol/muc"] }, "sha-1"));
        Assert.Null(CapabilitiesHash.Compute(simple, "md5"));
        AssertBothWays<EntityCapabilities>("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://code.google.com/p/exodus' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>");
        Assert.Null(EntityCapabilities.Read(XmppElement.Parse("<c xmlns='http://jabber.org/protocol/caps' ver='x'/>")));
    }

    private static T AssertBothWays<T>(string xml)
        where T : class, IPayload<T>
    {
        var element = XmppElement.Parse(xml);
        Assert.Equal(T.Name, element.Name);
        var read = T.Read(element);
        Assert.NotNull(read);
        Assert.Equal(xml, XmlStreamWriter.ToText(read));
        return read;
    }
}
