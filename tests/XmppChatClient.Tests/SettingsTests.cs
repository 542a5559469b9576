using Microsoft.Extensions.Configuration;
using XmppChatClient.Hosting;

namespace XmppChatClient.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Every_key_of_the_contract_sets_its_option()
    {
        var (o, _) = Read(new()
        {
            ["Xmpp:Jid"] = "bot@example.org/desk",
            ["Xmpp:Password"] = "secret",
            ["Xmpp:Host"] = "xmpp.example.org",
            ["Xmpp:Port"] = "15222",
            ["Xmpp:Tls"] = "direct",
            ["Xmpp:AllowPlain"] = "true",
            ["Xmpp:Presence:Show"] = "Dnd",
            ["Xmpp:Presence:Status"] = "busy",
            ["Xmpp:Presence:Priority"] = "-1",
            ["Xmpp:Limits:StanzaBytes"] = "20000",
            ["Xmpp:Limits:Depth"] = "10",
            ["Xmpp:Limits:Attributes"] = "11",
            ["Xmpp:Limits:Inbox"] = "12",
            ["Xmpp:Timeouts:Request"] = "00:00:07",
        });
        Assert.Equal(Jid.Parse("bot@example.org/desk"), o.Jid);
        Assert.Equal(("secret", "xmpp.example.org", 15222, TlsMode.Direct, true), (o.Password, o.Host, o.Port, o.Tls, o.AllowPlain));
        Assert.Equal((PresenceShow.Dnd, "busy", (sbyte)-1), (o.Presence!.Show, o.Presence.Status, o.Presence.Priority));
        Assert.Equal((20000, 10, 11, 12), (o.Limits.StanzaBytes, o.Limits.Depth, o.Limits.Attributes, o.Limits.Inbox));
        Assert.Equal(TimeSpan.FromSeconds(7), o.Timeouts.Request);
    }

    [Theory]
    [InlineData("Xmpp:Pasword", "x", "Xmpp:Pasword is not a setting. Did you mean Xmpp:Password?")]
    [InlineData("Xmpp:Foo:Bar", "1", "Xmpp:Foo:Bar is not a setting")]
    [InlineData("Xmpp:Port", "many", "Xmpp:Port cannot be read: it must be a whole number")]
    [InlineData("Xmpp:Port", "70000", "Xmpp:Port must be 1 to 65535")]
    [InlineData("Xmpp:Tls", "Maybe", "Xmpp:Tls cannot be read: it must be one of Required, Direct, Disabled")]
    [InlineData("Xmpp:Tls", "2", "Xmpp:Tls cannot be read: it must be one of Required, Direct, Disabled")]
    [InlineData("Xmpp:Tls", "+2", "Xmpp:Tls cannot be read")]
    [InlineData("Xmpp:Tls", "Required,Disabled", "Xmpp:Tls cannot be read")]
    [InlineData("Xmpp:Tls", " Disabled", "Xmpp:Tls cannot be read")]
    [InlineData("Xmpp:Presence:Show", "Away, Chat", "Xmpp:Presence:Show cannot be read: it must be one of Online, Chat, Away, Xa, Dnd")]
    [InlineData("Xmpp:Subscriptions", "AcceptRoster,AcceptAll", "Xmpp:Subscriptions cannot be read: it must be one of AskHandler")]
    [InlineData("Xmpp:Jid", "a@b@c@", "Xmpp:Jid cannot be read")]
    [InlineData("Xmpp:TrustedRoots", "/no/such/file", "Xmpp:TrustedRoots names no file")]
    [InlineData("Xmpp:Timeouts:Close", "5", "Xmpp:Timeouts:Close")]
    [InlineData("Xmpp:Limits:Depth", "1", "Xmpp:Limits:Depth must be at least 8")]
    public void Bad_setting_is_named_in_one_line(string key, string value, string message)
    {
        var error = Assert.Throws<XmppConfigurationException>(() => Read(new()
        {
            ["Xmpp:Jid"] = "bot@example.org",
            ["Xmpp:Password"] = "secret",
            [key] = value,
        }));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Missing_address_is_named() => Assert.StartsWith(
        "Xmpp:Jid is missing", Assert.Throws<XmppConfigurationException>(() => Read([])).Message, StringComparison.Ordinal);

    [Fact]
    public void Command_line_is_read()
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(["--Xmpp:Jid=chat.example.org"]).Build();
        var (o, _) = new XmppRegistration("Xmpp").Read(configuration, new XmppClientOptions());
        Assert.Equal("chat.example.org", o.Jid!.ToString());
    }

    private static (XmppClientOptions Client, DispatchOptions Dispatch) Read(Dictionary<string, string?> settings) =>
        new XmppRegistration("Xmpp").Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new XmppClientOptions());
}
