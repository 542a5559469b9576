namespace XmppChatClient.Core.Tests;

/// <summary>However the network cuts what a server sends, it means the same.</summary>
public sealed class SplitTests(Certificates certificates) : IClassFixture<Certificates>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Login_succeeds_at_every_split_point()
    {
        var length = 0L;
        const string Script = Logins.Offer + Logins.Scram + Logins.Bind;
        await LogInAsync(Script, certificates: null, (taken, available) => length = taken + available.Length);
        for (var offset = 1L; offset < length; offset++)
        {
            await LogInAsync(Script, certificates: null, ScriptSplits.At(offset));
        }
    }

    [Fact]
    public async Task STARTTLS_succeeds_at_every_split_point_before_TLS()
    {
        var length = Logins.Lines(Logins.StartTls).Where(l => l.StartsWith("S: <", StringComparison.Ordinal)).Sum(l => l.Length - 3);
        for (var offset = 1L; offset < length; offset++)
        {
            await LogInAsync(Logins.Whole, certificates, ScriptSplits.At(offset));
        }
    }

    private static async Task LogInAsync(string script, Certificates? certificates, MemoryEnd.ReadLimit reads)
    {
        await using var client = new XmppClient(Logins.Server(script, certificates, reads: reads)
            .Options(certificates, o => o.Timeouts.Close = TimeSpan.FromTicks(1)));
        await client.ConnectAsync(Token).Soon();
        Assert.Equal("alice@example.test/1", client.Jid.ToString());
    }
}
