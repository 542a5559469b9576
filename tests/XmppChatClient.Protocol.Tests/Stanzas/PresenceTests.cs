namespace XmppChatClient.Tests.Stanzas;

/// <summary>RFC 6121 §3 and §4, with its examples.</summary>
public sealed class PresenceTests
{
    [Fact]
    public void Example_of_4_7_2_2_is_read_and_written()
    {
        const string Xml = "<presence xmlns='jabber:client' from='romeo@example.net/orchard' xml:lang='en'>"
            + "<show>dnd</show><status>Wooing Juliet</status><priority>1</priority><c xmlns='urn:x'/></presence>";
        var presence = Read.Stanza<Presence>(Xml);
        Assert.Equal((PresenceType.Available, PresenceShow.Dnd, (sbyte)1), (presence.Type, presence.Show, presence.Priority));
        Assert.Equal("Wooing Juliet", presence.Status);
        Assert.Single(presence.Payloads);
        Assert.Equal(Xml, presence.ToString());
    }

    [Theory]
    [InlineData("unavailable", PresenceType.Unavailable)]
    [InlineData("subscribe", PresenceType.Subscribe)]
    [InlineData("subscribed", PresenceType.Subscribed)]
    [InlineData("unsubscribe", PresenceType.Unsubscribe)]
    [InlineData("unsubscribed", PresenceType.Unsubscribed)]
    [InlineData("probe", PresenceType.Probe)]
    [InlineData("error", PresenceType.Error)]
    public void Types_are_read_and_written(string name, PresenceType type)
    {
        var xml = $"<presence xmlns='jabber:client' type='{name}'/>";
        Assert.Equal(type, Read.Stanza<Presence>(xml).Type);
        Assert.Equal(xml, new Presence { Type = type }.ToString());
    }

    [Theory]
    [InlineData("available")]
    [InlineData("")]
    [InlineData("Unavailable")]
    [InlineData("invisible")]
    public void Unknown_types_are_no_presence(string type) => Assert.Equal(
        $"<presence/> of type '{type}' is unknown", Read.Problem($"<presence xmlns='jabber:client' type='{type}'/>"));

    [Theory]
    [InlineData("chat", PresenceShow.Chat)]
    [InlineData("away", PresenceShow.Away)]
    [InlineData("xa", PresenceShow.Xa)]
    [InlineData("dnd", PresenceShow.Dnd)]
    public void Shows_are_read_and_written(string name, PresenceShow show)
    {
        var xml = $"<presence xmlns='jabber:client'><show>{name}</show></presence>";
        Assert.Equal(show, Read.Stanza<Presence>(xml).Show);
        Assert.Equal(xml, new Presence { Show = show }.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("busy")]
    [InlineData("Away")]
    public void Unknown_shows_are_online(string show) =>
        Assert.Equal(PresenceShow.Online, Read.Stanza<Presence>($"<presence xmlns='jabber:client'><show>{show}</show></presence>").Show);

    [Theory]
    [InlineData("127", 127)]
    [InlineData("-128", -128)]
    [InlineData(" +5\n", 5)]
    [InlineData("0", 0)]
    [InlineData("128", 0)]
    [InlineData("-129", 0)]
    [InlineData("1.5", 0)]
    [InlineData("x", 0)]
    [InlineData("", 0)]
    public void Priority_is_a_byte_or_nothing(string text, sbyte priority) => Assert.Equal(
        priority, Read.Stanza<Presence>($"<presence xmlns='jabber:client'><priority>{text}</priority></presence>").Priority);

    [Theory]
    [InlineData("xml:lang='en'", "<status xml:lang='cs'>cs</status><status>en</status>", "en")]
    [InlineData("", "<status xml:lang='cs'>cs</status><status xml:lang='de'>de</status>", "cs")]
    public void Status_is_that_of_the_stanzas_language_and_the_others_are_kept(string language, string content, string status)
    {
        var presence = Read.Stanza<Presence>($"<presence xmlns='jabber:client' {language}>{content}</presence>");
        Assert.Equal(status, presence.Status);
        Assert.Single(presence.Payloads);
    }

    [Fact]
    public void Language_of_the_status_survives_printing()
    {
        const string Xml = "<presence xmlns='jabber:client' xml:lang='en'><status xml:lang='cs'>c</status></presence>";
        Assert.Equal("cs", Read.Stanza<Presence>(Xml).StatusLanguage);
        Assert.Equal(Xml, Read.Stanza<Presence>(Xml).ToString());
    }

    [Fact]
    public void Negative_priority_is_written() => Assert.Equal(
        "<presence xmlns='jabber:client'><priority>-1</priority></presence>", new Presence { Priority = -1 }.ToString());
}
