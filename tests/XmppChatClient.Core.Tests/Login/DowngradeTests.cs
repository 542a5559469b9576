using XmppChatClient.Storage;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Core.Tests.Login;

/// <summary>What a server offered once must be there at later logins: in the same process, and in a later one with the same store.
/// </summary>
public sealed class DowngradeTests
{
    private const string Plus = "SCRAM-SHA-256-PLUS";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SASL2")]
    [InlineData("channel binding")]
    [InlineData("SCRAM")]
    public async Task What_is_missing_that_was_there_ends_the_client(string missing)
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Login = WithoutHash }, Token);
        await using var live = await LiveClient.ConnectAsync(server, o =>
        {
            o.AllowPlain = true;
            o.Login.Fast = FastTokens.None;
        });
        server.Transcript.Clear();
        using var fault = Strip(server, missing);
        server.Faults.DropConnections();
        var ended = await live.EventAsync<SessionEnded>();
        live.Clock.Advance(ended.RetryIn!.Value);
        var last = await live.EventAsync<SessionEnded>();
        var error = Assert.IsType<XmppDowngradeException>(last.Error);
        Assert.Equal((missing, SessionEndReason.SecurityViolation, (TimeSpan?)null), (error.Missing, last.Reason, last.RetryIn));
        Assert.Contains("AllowDowngrade", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("C: <auth", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SASL2")]
    [InlineData("channel binding")]
    [InlineData("SCRAM")]
    public async Task Later_process_knows_it_from_the_store_until_it_is_told_otherwise(string missing)
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Login = WithoutHash }, Token);
        var account = server.AddAccount("bot");
        var store = new MemoryStore();
        await LoginAsync(server, account, store);
        using (Strip(server, missing))
        {
            var error = await Assert.ThrowsAsync<XmppDowngradeException>(() => LoginAsync(server, account, store));
            Assert.Equal(missing, error.Missing);

            // Whoever has no store has forgotten, and whoever says so may.
            await LoginAsync(server, account, store: null);
            await LoginAsync(server, account, store, allowDowngrade: true);
            await LoginAsync(server, account, store);
        }

        // What is there again must stay.
        await LoginAsync(server, account, store);
        using (Strip(server, missing))
        {
            await Assert.ThrowsAsync<XmppDowngradeException>(() => LoginAsync(server, account, store));
        }
    }

    // A certificate with no hash to bind to (Ed25519) must not do what taking -PLUS out of the offer cannot.
    [Fact]
    public async Task Channel_that_cannot_be_bound_to_is_no_excuse()
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Login = WithoutHash }, Token);
        var account = server.AddAccount("bot");
        var store = new MemoryStore();
        await LoginAsync(server, account, store);
        using var fault = server.Faults.StripMechanisms(Plus, "SCRAM-SHA-1-PLUS");
        await Assert.ThrowsAsync<XmppDowngradeException>(() => LoginAsync(server, account, store, hidesBindings: true));
    }

    // A client that is kept from TCP goes by the web, where servers offer other things.
    [Fact]
    public async Task Over_the_web_neither_is_asked_for_and_PLAIN_refused_as_ever()
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { Login = WithoutHash }, Token);
        var account = server.AddAccount("bot");
        var store = new MemoryStore();
        await LoginAsync(server, account, store);
        using (server.Faults.StripSasl2())
        using (server.Faults.StripMechanisms(Plus, "SCRAM-SHA-1-PLUS"))
        {
            await LoginAsync(server, account, store, endsTlsElsewhere: true);
            await Assert.ThrowsAsync<XmppDowngradeException>(() => LoginAsync(server, account, store));
        }

        using var plain = server.Faults.OfferMechanisms("PLAIN");
        var error = await Assert.ThrowsAsync<XmppDowngradeException>(() => LoginAsync(server, account, store, endsTlsElsewhere: true));
        Assert.Equal("SCRAM", error.Missing);
    }

    private static TestLoginOptions WithoutHash { get; } = new() { OfferHash = false };

    // As an administrator would, who changes the server: an attacker is found out by more than the memory of what there was.
    private static IDisposable Strip(XmppTestServer server, string what) => what switch
    {
        "SASL2" => server.Faults.StripSasl2(),
        "SCRAM" => server.Faults.OfferMechanisms("PLAIN"),
        _ => server.Faults.OfferMechanisms("SCRAM-SHA-256"),
    };

    private static async Task LoginAsync(
        XmppTestServer server, TestAccount account, IXmppStore? store, bool allowDowngrade = false, bool hidesBindings = false,
        bool endsTlsElsewhere = false)
    {
        var options = new XmppClientOptions { Store = store, AllowPlain = true }.UseTestServer(server, account);
        options.Login.AllowDowngrade = allowDowngrade;
        options.Login.Fast = FastTokens.None;
        _ = new WireTap(options) { HidesBindings = hidesBindings, EndsTlsElsewhere = endsTlsElsewhere };

        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).Soon();
        await client.CloseAsync(Token).Soon();
    }
}
