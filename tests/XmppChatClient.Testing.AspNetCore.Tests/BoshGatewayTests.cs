using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Testing.AspNetCore.Tests;

/// <summary>What the test server's BOSH (XEP-0124 v1.11.2) says to requests made by hand.</summary>
public sealed partial class BoshGatewayTests : IAsyncLifetime
{
    private const string Xmlns = "xmlns='http://jabber.org/protocol/httpbind'";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private XmppTestServer _server = null!;
    private XmppTestWebServer _web = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await XmppTestServer.StartAsync(new XmppTestServerOptions { RequireTls = false }, Token);
        _server.AddAccount("bot");
        _web = await XmppTestWebServer.StartAsync(_server, new XmppTestWebServerOptions { UseTls = false }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _web.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Session_begins_with_its_terms_and_features()
    {
        var answer = await BeginAsync();
        Assert.Contains(" wait='60' requests='2' hold='1' inactivity='30' polling='2' ", answer, StringComparison.Ordinal);
        Assert.Contains(" xmpp:version='1.0' ", answer, StringComparison.Ordinal);
        Assert.Contains("<stream:features", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello", "bad-request")]
    [InlineData("<body/>", "bad-request")]
    [InlineData($"<body {Xmlns} to='localhost'/>", "bad-request")]
    [InlineData($"<body {Xmlns} to='localhost' rid='-1'/>", "bad-request")]
    [InlineData($"<body {Xmlns} to='localhost' rid='9007199254740992'/>", "bad-request")]
    [InlineData($"<body {Xmlns} rid='1'/>", "improper-addressing")]
    [InlineData($"<body {Xmlns} rid='1' sid='none'/>", "item-not-found")]
    public async Task Request_that_is_none_is_refused(string request, string condition) =>
        Assert.Equal($"<body {Xmlns} type='terminate' condition='{condition}'/>", await PostAsync(request));

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public async Task Request_out_of_the_window_ends_the_session(int step)
    {
        var id = IdOf(await BeginAsync());
        Assert.Contains("item-not-found", await PostAsync(Request(id, 1000 + step)), StringComparison.Ordinal);
        Assert.Contains("item-not-found", await PostAsync(Request(id, 1001)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_that_comes_again_is_answered_as_before_and_not_handled_again()
    {
        var id = IdOf(await BeginAsync());
        var request = Request(id, 1001, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biwsbj1ib3Qscj1hYmM=</auth>");
        var answer = await PostAsync(request);
        Assert.Contains("<challenge ", answer, StringComparison.Ordinal);
        Assert.Equal(answer, await PostAsync(request));
    }

    [Fact]
    public async Task Request_that_comes_again_while_it_is_held_takes_the_place_of_the_first()
    {
        var id = IdOf(await BeginAsync());
        var first = PostAsync(Request(id, 1001));
        var second = PostAsync(Request(id, 1001));
        var early = await (await Task.WhenAny(first, second).WaitAsync(Patience, Token));
        Assert.Equal($"<body {Xmlns} type='error'/>", early);
        await PostAsync(Request(id, 1002, attributes: " type='terminate'"));
        Assert.Equal($"<body {Xmlns} type='terminate'/>", await (early == await first ? second : first));
    }

    [Fact]
    public async Task Requests_are_handled_in_their_order()
    {
        var id = IdOf(await BeginAsync());
        var second = PostAsync(Request(id, 1002, "<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"));
        var first = PostAsync(Request(id, 1001, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biwsbj1ib3Qscj1hYmM=</auth>"));
        var answers = await first.WaitAsync(Patience, Token) + await second.WaitAsync(Patience, Token);
        if (!answers.Contains("<aborted", StringComparison.Ordinal))
        {
            answers += await PostAsync(Request(id, 1003));
        }

        Assert.Matches("<challenge .*<aborted", answers);
    }

    [Fact]
    public async Task Client_that_asks_for_nothing_too_often_is_thrown_out()
    {
        var id = IdOf(await BeginAsync());
        var held = PostAsync(Request(id, 1001));

        // Answered by what follows, once it is held.
        Assert.Contains("policy-violation", await AfterAsync(1001, id), StringComparison.Ordinal);
        Assert.Contains("policy-violation", await held.WaitAsync(Patience, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_is_answered_with_nothing_and_so_is_what_is_held()
    {
        var id = IdOf(await BeginAsync());
        var held = PostAsync(Request(id, 1001));
        Assert.Equal($"<body {Xmlns}/>", await PostAsync(Request(id, 1002, attributes: " pause='60'")));
        Assert.Equal($"<body {Xmlns}/>", await held.WaitAsync(Patience, Token));
    }

    [Theory]
    [InlineData("", "bad-request")]
    [InlineData("soon", "bad-request")]
    [InlineData("-1", "bad-request")]
    [InlineData("9999999999", "bad-request")]
    [InlineData("121", "policy-violation")]
    public async Task Pause_that_is_none_or_too_long_ends_the_session(string pause, string condition)
    {
        var id = IdOf(await BeginAsync());
        Assert.Equal(
            $"<body {Xmlns} type='terminate' condition='{condition}'/>", await PostAsync(Request(id, 1001, attributes: $" pause='{pause}'")));
        Assert.Contains("item-not-found", await PostAsync(Request(id, 1002)), StringComparison.Ordinal);
    }

    // Until then whoever asks is told how it ended.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_that_has_ended_is_forgotten_after_a_while(bool isForgotten)
    {
        var clock = new ManualClock();
        var options = new XmppTestWebServerOptions { UseTls = false, TimeProvider = clock };
        await using var web = await XmppTestWebServer.StartAsync(_server, options, Token);
        var id = IdOf(await PostAsync(Creation(), web));
        await _server.RestartAsync();
        await clock.TimerSetAsync(options.BoshWait + options.BoshInactivity);
        if (isForgotten)
        {
            clock.Advance(options.BoshWait + options.BoshInactivity);
        }

        Assert.Contains(isForgotten ? "'item-not-found'" : "'remote-stream-error'", await PostAsync(Request(id, 1001), web), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key", true)]
    [InlineData("other", false)]
    [InlineData(null, false)]
    public async Task Key_must_be_what_hashes_to_the_one_before(string? key, bool isRight)
    {
#pragma warning disable CA5350 // The protocol has no other.
        var id = IdOf(await BeginAsync($" newkey='{Convert.ToHexStringLower(SHA1.HashData("key"u8))}'"));
#pragma warning restore CA5350
        var answer = await PostAsync(Request(id, 1001, attributes: $"{(key is null ? "" : $" key='{key}'")} type='terminate'"));
        Assert.Equal(!isRight, answer.Contains("item-not-found", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Endpoint_answers_a_browser_with_a_page()
    {
        using var response = await _http.GetAsync(_web.BoshEndpoint, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Unknown_domain_is_a_stream_error()
    {
        var answer = await PostAsync($"<body {Xmlns} rid='1' to='elsewhere.test' wait='1' hold='1'/>");
        Assert.Contains("condition='remote-stream-error'", answer, StringComparison.Ordinal);
        Assert.Contains("<host-unknown ", answer, StringComparison.Ordinal);
    }

    private static string Request(string id, long number, string content = "", string attributes = "") =>
        $"<body {Xmlns} sid='{id}' rid='{number}'{attributes}>{content}</body>";

    private static string IdOf(string answer) => Id().Match(answer).Groups[1].Value;

    private static string Creation(string attributes = "") =>
        $"<body {Xmlns} xmlns:xmpp='urn:xmpp:xbosh' rid='1000' to='localhost' wait='60' hold='1' ver='1.6' xmpp:version='1.0'{attributes}/>";

    private Task<string> BeginAsync(string attributes = "") => PostAsync(Creation(attributes));

    // An empty request, where the one before is held already or not: it is the second in any case.
    private async Task<string> AfterAsync(long number, string id) => await PostAsync(Request(id, number + 1)).WaitAsync(Patience, Token);

    private Task<string> PostAsync(string request) => PostAsync(request, _web);

    private async Task<string> PostAsync(string request, XmppTestWebServer web)
    {
        using var content = new StringContent(request, Encoding.UTF8, "text/xml");
        using var response = await _http.PostAsync(web.BoshEndpoint, content, Token).WaitAsync(Patience, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Token);
    }

    [GeneratedRegex(" sid='([^']*)'")]
    private static partial Regex Id();
}
