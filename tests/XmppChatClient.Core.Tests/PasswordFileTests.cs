namespace XmppChatClient.Core.Tests;

public sealed class PasswordFileTests(Certificates certificates) : IClassFixture<Certificates>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("secret")]
    [InlineData("secret\n")]
    [InlineData("secret\r\nanything else\r\n")]
    [InlineData("\uFEFFsecret\n")]
    public async Task First_line_is_the_password(string content)
    {
        await using var client = new XmppClient(Server().Options(certificates: null, await WriteAsync(content)));
        await client.ConnectAsync(Token).Soon();
    }

    [Fact]
    public async Task File_is_read_anew_at_each_login()
    {
        var configure = await WriteAsync("of yesterday");
        var server = Logins.Server(
            Logins.Offer + "C: </auth>\nS: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
            next: Server());
        var options = server.Options(certificates: null, configure);
        await using var client = new XmppClient(options);
        await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token).Soon());
        await File.WriteAllTextAsync(options.PasswordFile!, Logins.Password, Token);
        await client.ConnectAsync(Token).Soon();
    }

    private static ScriptedServer Server() => Logins.Server(Logins.Offer + Logins.Scram + Logins.Bind);

    private async Task<Action<XmppClientOptions>> WriteAsync(string content)
    {
        var file = Path.Combine(certificates.Folder, Guid.NewGuid().ToString());
        await File.WriteAllTextAsync(file, content, Token);
        return o => (o.Password, o.PasswordFile) = (null, file);
    }
}
