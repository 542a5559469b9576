namespace XmppChatClient.Testing.Tests;

/// <summary>XEP-0077.</summary>
public sealed class RegistrationTests
{
    private const string Register = "jabber:iq:register";

    private static readonly XmppTestServerOptions Allowed = new() { AllowRegistration = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("<username>romeo</username><password>secret</password>", "")]
    [InlineData("<username>taken</username><password>secret</password>", "conflict")]
    [InlineData("<username>romeo</username>", "not-acceptable")]
    [InlineData("<username>r@meo</username><password>secret</password>", "not-acceptable")]
    public async Task Account_is_made_before_login(string fields, string error)
    {
        await using var server = await XmppTestServer.StartAsync(Allowed, Token);
        server.AddAccount("taken");
        await using var client = await RawClient.OpenAsync(server);
        var features = await client.SecureAsync(server);
        Assert.NotNull(features.Element(new Xml.XmlName("http://jabber.org/features/iq-register", "register")));
        await client.SendAsync($"<iq type='get' id='1'><query xmlns='{Register}'/></iq>");
        Assert.Contains("<username/><password/>", (await client.NextAsync())!.ToString(), StringComparison.Ordinal);
        await client.SendAsync($"<iq type='set' id='2'><query xmlns='{Register}'>{fields}</query></iq>");
        var answer = (await client.NextAsync())!;
        Assert.Equal(error, answer.Get<Stanzas.StanzaError>()?.ToString() ?? "");
        Assert.DoesNotContain(">secret<", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_permission_there_is_no_registration()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var client = await RawClient.OpenAsync(server);
        await client.SecureAsync(server);
        await client.SendAsync($"<iq type='get' id='1'><query xmlns='{Register}'/></iq>");
        Assert.Equal("not-authorized", await client.ErrorAsync());
        await using var romeo = await server.LoginAsync("romeo", Token);
        Assert.Equal("service-unavailable", await romeo.AskAsync("set", $"<query xmlns='{Register}'><remove/></query>"));
    }

    [Fact]
    public async Task Password_is_changed_and_the_account_removed()
    {
        await using var server = await XmppTestServer.StartAsync(Allowed, Token);
        var account = server.AddAccount("romeo");
        var romeo = await server.LoginAsync("romeo", Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        Assert.Equal("", await romeo.AskAsync(
            "set", $"<query xmlns='{Register}'><username>romeo</username><password>changed</password></query>"));
        Assert.Equal("forbidden", await juliet.AskAsync("set", $"<query xmlns='{Register}'><remove/></query>", account.Jid));

        var options = new XmppClientOptions().UseTestServer(server, account);
        options.Password = "changed";
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);

        Assert.Equal("", await romeo.AskAsync("set", $"<query xmlns='{Register}'><remove/></query>"));
        await romeo.DisposeAsync();
        await juliet.SendAsync(account.Jid, "hello?", Token);
        Assert.Equal("service-unavailable", (await juliet.ReceiveAsync(Token)).Error!.ToString());
    }
}
