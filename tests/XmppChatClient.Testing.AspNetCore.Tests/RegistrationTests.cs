using XmppChatClient.Registration;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>Accounts are made over WebSocket too.</summary>
public sealed class RegistrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Account_is_made_over_websocket()
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { AllowRegistration = true }, Token);
        await using var web = await XmppTestWebServer.StartAsync(server, cancellationToken: Token);
        var options = new XmppClientOptions().UseTestServer(web, server.AddAccount("other"));
        options.Jid = Jid.Parse("new@localhost");
        await AccountRegistration.RegisterAsync(options, cancellationToken: Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.True(client.IsEncrypted);
    }
}
