using XmppChatClient.TestSupport;

namespace XmppChatClient.Storage.Sqlite.Tests;

/// <summary>What one process leaves to the next of a login (docs/LOGIN.md), when it is killed and when it ends.</summary>
public sealed class LoginTests : IDisposable
{
    private const string TokenNote = "login:token";

    private readonly StoreFile _file = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_and_the_name_of_the_installation_are_there_for_the_next_process(bool isKilled)
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        for (var i = 0; i < 3; i++)
        {
            await using var process = await StartAsync(server, account);

            // What was noted before it is in the file when this is.
            await process.Client.SendAsync(account.Jid, "hello", Token);
            if (isKilled)
            {
                await process.KillAsync();
            }
        }

        Assert.Equal(["SCRAM-SHA-256-PLUS", "HT-SHA-256-ENDP", "HT-SHA-256-ENDP"], Values(server, "C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='"));
        var names = Values(server, "<user-agent id='");
        Assert.Equal((3, 1), (names.Length, names.Distinct().Count()));
        Assert.True(Guid.TryParseExact(names[0], "D", out var id) && id.Version == 4);
    }

    // Killed with the server's success on its way: the server has used the token up, and nobody knows the next.
    [Fact]
    public async Task Process_that_was_killed_before_it_had_the_next_token_is_followed_by_one_with_the_password()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        string old;
        await using (var first = await StartAsync(server, account))
        {
            old = first.Client.FindNote(TokenNote)!;
        }

        await using (var second = await StartAsync(server, account))
        {
            second.Client.SetNote(TokenNote, old);
        }

        server.Transcript.Clear();
        await using var third = await StartAsync(server, account);
        Assert.Equal(["HT-SHA-256-ENDP", "SCRAM-SHA-256-PLUS"], Values(server, "C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='"));
        Assert.NotEqual(old, third.Client.FindNote(TokenNote));
    }

    [Fact]
    public async Task Token_that_was_given_back_is_in_no_store()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        await using (var process = await StartAsync(server, account))
        {
            await process.Client.CloseAsync(Token).WaitAsync(Hang.Limit, Token);
            Assert.True(await process.Client.ForgetTokenAsync(Token).WaitAsync(Hang.Limit, Token));

            // It need not come to a good end.
            await process.LoseStoreAsync();
        }

        server.Transcript.Clear();
        await using var next = await StartAsync(server, account);
        Assert.Equal(["SCRAM-SHA-256-PLUS"], Values(server, "C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='"));
    }

    [Theory]
    [InlineData("SASL2")]
    [InlineData("channel binding")]
    [InlineData("SCRAM")]
    public async Task What_the_server_offered_to_a_process_that_was_killed_it_must_offer_to_the_next(string missing)
    {
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Login = new TestLoginOptions { OfferHash = false, Fast = false } }, Token);
        var account = server.AddAccount("bot");
        await using (var killed = await StartAsync(server, account))
        {
            await killed.Client.SendAsync(account.Jid, "hello", Token);
            await killed.KillAsync();
        }

        using var fault = missing switch
        {
            "SASL2" => server.Faults.StripSasl2(),
            "SCRAM" => server.Faults.OfferMechanisms("PLAIN"),
            _ => server.Faults.OfferMechanisms("SCRAM-SHA-256"),
        };
        await using var next = BotProcess.Create(server, account, new SqliteStore(_file.Path), o => o.AllowPlain = true);
        var error = await Assert.ThrowsAsync<XmppDowngradeException>(() => next.Client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token));
        Assert.Equal(missing, error.Missing);
    }

    private static string[] Values(XmppTestServer server, string before) =>
        [.. server.Transcript.ToString().Split(before).Skip(1).Select(rest => rest.Split('\'')[0])];

    private Task<BotProcess> StartAsync(XmppTestServer server, TestAccount account) =>
        BotProcess.StartAsync(server, account, new SqliteStore(_file.Path));
}
