namespace XmppChatClient.Core.Tests;

/// <summary>However the network cuts what a server sends, it means the same.</summary>
public sealed class SplitTests(Certificates certificates) : IClassFixture<Certificates>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Login_succeeds_at_every_split_point()
    {
        const string Script = Logins.Offer + Logins.Scram + Logins.Bind;
        var whole = await LogInAsync(Script, certificates: null);
        for (var offset = 1L; offset < whole.BytesSent; offset++)
        {
            await LogInAsync(Script, certificates: null, offset);
        }
    }

    [Fact]
    public async Task STARTTLS_succeeds_at_every_split_point_before_TLS()
    {
        var length = Logins.Lines(Logins.StartTls).Where(l => l.StartsWith("S: <", StringComparison.Ordinal)).Sum(l => l.Length - 3);
        for (var offset = 1L; offset < length; offset++)
        {
            await LogInAsync(Logins.Whole, certificates, offset);
        }
    }

    private static async Task<ScriptedServer> LogInAsync(string script, Certificates? certificates, long? splitAt = null)
    {
        var server = Logins.Server(script, certificates, splitAt: splitAt);
        await using var client = new XmppClient(server.Options(certificates, o => o.Timeouts.Close = TimeSpan.FromTicks(1)));
        await client.ConnectAsync(Token).Soon();
        Assert.Equal("alice@example.test/1", client.Jid.ToString());
        await server.Done.Soon();
        return server;
    }
}
