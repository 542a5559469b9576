using XmppChatClient.Storage;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Core.Tests.Login;

/// <summary>How often a login waits for the server, from the open connection to a session that can be used (docs/LOGIN.md). TCP and
/// TLS 1.3 take one round trip each besides.</summary>
public sealed class RoundTripTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LoginGuide.Cold, TlsMode.Required, false, Bind2Use.Never, 7)]
    [InlineData(LoginGuide.Cold, TlsMode.Direct, false, Bind2Use.Never, 5)]
    [InlineData(LoginGuide.Sasl2, TlsMode.Required, true, Bind2Use.Never, 6)]
    [InlineData(LoginGuide.Sasl2, TlsMode.Direct, true, Bind2Use.Never, 4)]
    [InlineData(LoginGuide.Sasl2AndBind2, TlsMode.Direct, true, Bind2Use.Always, 3)]
    [InlineData(LoginGuide.Sasl2AndBind2, TlsMode.Required, true, Bind2Use.Always, 5)]
    public async Task Login_with_the_password(string row, TlsMode tls, bool sasl2, Bind2Use bind2, int roundTrips)
    {
        Assert.Equal(roundTrips, LoginGuide.RoundTrips(row, tls));
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        Assert.Equal(roundTrips, await LoginAsync(server, account, null, o =>
        {
            (o.Tls, o.Login.Sasl2, o.Login.Bind2) = (tls, sasl2, bind2);
        }));
    }

    [Theory]
    [InlineData(LoginGuide.Token, TlsMode.Required, Bind2Use.Never, 4)]
    [InlineData(LoginGuide.Token, TlsMode.Direct, Bind2Use.Never, 2)]
    [InlineData(LoginGuide.TokenAndBind2, TlsMode.Required, Bind2Use.Always, 3)]
    [InlineData(LoginGuide.TokenAndBind2, TlsMode.Direct, Bind2Use.Always, 1)]
    public async Task Login_with_a_token(string row, TlsMode tls, Bind2Use bind2, int roundTrips)
    {
        Assert.Equal(roundTrips, LoginGuide.RoundTrips(row, tls));
        await using var server = await XmppTestServer.StartAsync(Token);
        var account = server.AddAccount("bot");
        var store = new MemoryStore();
        void Configure(XmppClientOptions options) => (options.Tls, options.Login.Bind2) = (tls, bind2);
        await LoginAsync(server, account, store, Configure);
        Assert.Equal(roundTrips, await LoginAsync(server, account, store, Configure));
    }

    [Theory]
    [InlineData(TlsMode.Required, 3)]
    [InlineData(TlsMode.Direct, 1)]
    public async Task Session_that_goes_on_with_a_token(TlsMode tls, int roundTrips)
    {
        Assert.Equal(roundTrips, LoginGuide.RoundTrips(LoginGuide.TokenAndResume, tls));
        await using var server = await XmppTestServer.StartAsync(Token);
        WireTap tap = null!;
        await using var live = await LiveClient.ConnectAsync(server, o => o.Tls = tls, o => tap = new WireTap(o));
        server.Faults.DropConnections();
        await live.ComeBackAsync();
        var login = tap.Lines.TakeWhile(l => !l.Contains("<success", StringComparison.Ordinal)).Append("S: <success>").ToArray();
        Assert.Equal(roundTrips, WireTap.Count(login));
        Assert.Contains("<resumed", server.Transcript.ToString(), StringComparison.Ordinal);
    }

    private static async Task<int> LoginAsync(
        XmppTestServer server, TestAccount account, IXmppStore? store, Action<XmppClientOptions> configure)
    {
        var options = new XmppClientOptions { Store = store, Presence = null, StreamManagement = { Resume = false } };
        configure(options);
        options.UseTestServer(server, account);
        var tap = new WireTap(options);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token).Soon();
        return tap.RoundTrips;
    }
}
