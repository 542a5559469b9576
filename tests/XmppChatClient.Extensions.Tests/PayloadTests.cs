using XmppChatClient.Capabilities;
using XmppChatClient.Delay;
using XmppChatClient.Disco;
using XmppChatClient.EntityTime;
using XmppChatClient.Ping;
using XmppChatClient.ResultSets;
using XmppChatClient.Roster;
using XmppChatClient.SoftwareVersion;

namespace XmppChatClient.Extensions.Tests;

public sealed class PayloadTests
{
    // XEP-0199 §4
    [Fact]
    public void Ping_is_an_empty_element() => Wire.BothWays<PingRequest>("<ping xmlns='urn:xmpp:ping'/>");

    // XEP-0092 §2
    [Fact]
    public void Version_has_three_fields()
    {
        var version = Wire.BothWays<VersionQuery>(
            "<query xmlns='jabber:iq:version'><name>Exodus</name><version>0.7.0.4</version><os>Windows-XP 5.01.2600</os></query>");
        Assert.Equal(("Exodus", "0.7.0.4", "Windows-XP 5.01.2600"), (version.Product, version.Version, version.OperatingSystem));
        Assert.Equal(new VersionQuery(), Wire.BothWays<VersionQuery>("<query xmlns='jabber:iq:version'/>"));
    }

    // XEP-0202 §3
    [Fact]
    public void Time_has_its_offset()
    {
        var time = Wire.BothWays<TimeQuery>(
            "<time xmlns='urn:xmpp:time'><tzo>-06:00</tzo><utc>2006-12-19T17:58:35Z</utc></time>");
        Assert.Equal(new DateTimeOffset(2006, 12, 19, 11, 58, 35, TimeSpan.FromHours(-6)), time.Time);
        Assert.Null(Wire.BothWays<TimeQuery>("<time xmlns='urn:xmpp:time'/>").Time);
    }

    // XEP-0082 §3.2 and §3.3
    [Theory]
    [InlineData("Z", "2006-12-19T17:58:35.25Z", "2006-12-19T17:58:35.25+00:00")]
    [InlineData("+05:30", "1969-07-21T02:56:15Z", "1969-07-21T08:26:15+05:30")]
    [InlineData("+14:00", "9999-12-31T09:59:59Z", "9999-12-31T23:59:59+14:00")]
    [InlineData("-14:00", "0001-01-01T14:00:00Z", "0001-01-01T00:00:00-14:00")]
    public void Time_is_read_with_fractions_and_every_offset(string tzo, string utc, string expected)
    {
        var time = Wire.Read<TimeQuery>($"<time xmlns='urn:xmpp:time'><tzo>{tzo}</tzo><utc>{utc}</utc></time>")!.Time!.Value;
        Assert.True(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture).EqualsExact(time));
    }

    [Theory]
    [InlineData("+99:00", "2006-12-19T17:58:35Z")]
    [InlineData("+14:01", "2006-12-19T17:58:35Z")]
    [InlineData("06:00", "2006-12-19T17:58:35Z")]
    [InlineData("noon", "2006-12-19T17:58:35Z")]
    [InlineData("", "2006-12-19T17:58:35Z")]
    [InlineData("Z", "yesterday")]
    [InlineData("Z", "2006-12-19T17:58:35")]
    [InlineData("Z", "2006-12-19T17:58:35+06:00")]
    [InlineData("Z", "2006-02-30T17:58:35Z")]
    [InlineData("-00:01", "0001-01-01T00:00:00Z")]
    [InlineData("-06:00", "0001-01-01T05:59:59Z")]
    [InlineData("+14:00", "9999-12-31T23:59:59Z")]
    public void Malformed_time_is_none(string tzo, string utc) =>
        Assert.Null(Wire.Read<TimeQuery>($"<time xmlns='urn:xmpp:time'><tzo>{tzo}</tzo><utc>{utc}</utc></time>"));

    // XEP-0030 §3.1, XEP-0128 §3
    [Fact]
    public void Service_discovery_goes_both_ways()
    {
        var info = Wire.BothWays<DiscoInfo>(
            "<query xmlns='http://jabber.org/protocol/disco#info' node='n'><identity category='conference' type='text' name='Play-Specific Chatrooms' xml:lang='en'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='jabber:iq:time'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/network/serverinfo</value></field></x></query>");
        Assert.Equal([new DiscoIdentity("conference", "text", "Play-Specific Chatrooms", "en")], info.Identities);
        Assert.Equal(("n", 2, 1), (info.Node, info.Features.Length, info.Forms.Length));
    }

    [Theory]
    [InlineData("<feature/>")]
    [InlineData("<identity type='pc'/>")]
    [InlineData("<identity category='client'/>")]
    public void Malformed_service_discovery_is_none(string child) =>
        Assert.Null(Wire.Read<DiscoInfo>($"<query xmlns='http://jabber.org/protocol/disco#info'>{child}</query>"));

    // XEP-0030 §4.1
    [Fact]
    public void Items_go_both_ways()
    {
        var items = Wire.BothWays<DiscoItems>(
            "<query xmlns='http://jabber.org/protocol/disco#items' node='n'><item jid='people.shakespeare.lit' name='Directory of Characters'/><item jid='plays.shakespeare.lit' node='m'/></query>");
        Assert.Equal("n", items.Node);
        Assert.Equal(
            [new DiscoItem(Jid.Parse("people.shakespeare.lit"), null, "Directory of Characters"), new DiscoItem(Jid.Parse("plays.shakespeare.lit"), "m")],
            items.Items);
    }

    // RFC 6121 §2.1.3, §2.6.2
    [Fact]
    public void Roster_goes_both_ways()
    {
        var roster = Wire.BothWays<RosterQuery>(
            "<query xmlns='jabber:iq:roster' ver='ver7'><item jid='nurse@example.com' name='Nurse' subscription='both'><group>Servants</group><group>Capulets</group></item><item jid='romeo@example.net' ask='subscribe' approved='true'/><item jid='tybalt@example.com' subscription='remove'/></query>");
        Assert.Equal(
            [RosterSubscription.Both, RosterSubscription.None, RosterSubscription.Remove], roster.Items.Select(i => i.Subscription));
        Assert.Equal(["Servants", "Capulets"], roster.Items[0].Groups);
        Assert.Equal((false, false, true, true), (roster.Items[0].IsAsking, roster.Items[0].IsApproved, roster.Items[1].IsAsking, roster.Items[1].IsApproved));
    }

    // A list is as long as its server likes; one address that we refuse must not cost the others.
    [Fact]
    public void List_is_read_without_what_cannot_be_read_of_it()
    {
        var roster = Wire.Read<RosterQuery>("<query xmlns='jabber:iq:roster'><item/><item jid='@'/><item jid='nurse@example.com' subscription='some'/></query>")!;
        Assert.Equal("nurse@example.com", Assert.Single(roster.Items).Jid.ToString());
        var items = Wire.Read<DiscoItems>("<query xmlns='http://jabber.org/protocol/disco#items'><item/><item jid='@'/><other/><item jid='a.example'/></query>")!;
        Assert.Equal("a.example", Assert.Single(items.Items).Jid.ToString());
    }

    // XEP-0115 §4
    [Fact]
    public void Capabilities_go_both_ways() => Wire.BothWays<EntityCapabilities>(
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://code.google.com/p/exodus' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>");

    // The form of before v1.4 has no hash, and nothing that could be verified.
    [Theory]
    [InlineData("node='n' ver='v'")]
    [InlineData("hash='sha-1' ver='v'")]
    [InlineData("hash='sha-1' node='n'")]
    [InlineData("hash='' node='n' ver='v'")]
    public void Malformed_capabilities_are_none(string attributes) =>
        Assert.Null(Wire.Read<EntityCapabilities>($"<c xmlns='http://jabber.org/protocol/caps' {attributes}/>"));

    // XEP-0203 §3
    [Fact]
    public void Delay_says_since_when_and_where()
    {
        var delay = Wire.BothWays<DelayedDelivery>(
            "<delay xmlns='urn:xmpp:delay' from='capulet.com' stamp='2002-09-10T23:08:25Z'>Offline Storage</delay>");
        Assert.Equal(
            new DelayedDelivery(new DateTimeOffset(2002, 9, 10, 23, 8, 25, TimeSpan.Zero), Jid.Parse("capulet.com"), "Offline Storage"), delay);
        Assert.Null(Wire.BothWays<DelayedDelivery>("<delay xmlns='urn:xmpp:delay' stamp='2010-07-10T23:08:25.000001Z'/>").From);
    }

    // XEP-0082 §3.2; XEP-0203 wants UTC, and not everybody writes it.
    [Theory]
    [InlineData("stamp='2002-09-10T23:08:25Z' from='@'", "2002-09-10T23:08:25+00:00")]
    [InlineData("stamp='2002-09-10T17:08:25.5-06:00'", "2002-09-10T23:08:25.5+00:00")]
    [InlineData("stamp='2002-09-10T23:08:25+00:00'", "2002-09-10T23:08:25+00:00")]
    [InlineData("stamp='2002-09-10T23:08:25'", null)]
    [InlineData("stamp='20020910T23:08:25'", null)]
    [InlineData("stamp='2002-09-31T23:08:25Z'", null)]
    [InlineData("stamp=''", null)]
    [InlineData("from='capulet.com'", null)]
    public void Delay_without_a_time_is_none(string attributes, string? stamp) => Assert.Equal(
        stamp is null ? null : DateTimeOffset.Parse(stamp, System.Globalization.CultureInfo.InvariantCulture),
        Wire.Read<DelayedDelivery>($"<delay xmlns='urn:xmpp:delay' {attributes}/>")?.Stamp);

    // XEP-0059 §2.2 to §2.6
    [Theory]
    [InlineData("<max>10</max>")]
    [InlineData("<max>10</max><after>peterpan@neverland.lit</after>")]
    [InlineData("<max>10</max><before>peter@pixyland.org</before>")]
    [InlineData("<max>10</max><before/>")]
    [InlineData("<max>0</max>")]
    [InlineData("<first>stpeter@jabber.org</first><last>peterpan@neverland.lit</last><count>800</count>")]
    [InlineData("<count>790</count>")]
    public void Result_set_goes_both_ways(string fields) =>
        Wire.BothWays<ResultSet>($"<set xmlns='http://jabber.org/protocol/rsm'>{fields}</set>");

    [Fact]
    public void Result_set_is_read_without_what_cannot_be_read_of_it() => Assert.Equal(
        new ResultSet { Last = "b" },
        Wire.Read<ResultSet>(
            "<set xmlns='http://jabber.org/protocol/rsm'><max>many</max><first index='0'/><last>b</last><count>-1</count><other/></set>"));
}
