using System.Net;
using System.Text;
using XmppChatClient.TestSupport;
using XmppChatClient.Transports.Dns;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests.Proxies;

/// <summary>What is said to proxies, byte by byte, and what comes of what they answer.</summary>
public sealed class TunnelTests
{
    private const string Http = "http://127.0.0.1:3128";
    private const string Socks = "socks5://127.0.0.1";
    private const string Ok = "HTTP/1.1 200 OK\r\n\r\n";
    private const string SocksOk = "\u0005\0" + "\u0005\0\0\u0001\u007F\0\0\u0001\0\u0050";

    private static readonly NetworkCredential Romeo = new("romeo", "wherefore: ärt");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Sizes => [1, 2, 3, 7, int.MaxValue];

    [Theory, MemberData(nameof(Sizes))]
    public async Task Way_through_HTTP_is_asked_for_by_name_and_nothing_behind_the_answer_is_taken(int atOnce)
    {
        var proxy = new CannedProxy("HTTP/1.0 200 Fine\r\nContent-Length: 7\r\n\r\n<stream", atOnce);
        var (stream, way) = await DialAsync(proxy, new WebProxy(Http), new("bücher.example", 5222));
        Assert.Equal("CONNECT xn--bcher-kva.example:5222 HTTP/1.1\r\nHost: xn--bcher-kva.example:5222\r\n\r\n", proxy.SentText);
        Assert.Equal("bücher.example:5222 through the proxy http://127.0.0.1:3128", way);
        Assert.Equal("<stream", await new StreamReader(stream).ReadToEndAsync(Token));
        Assert.Equal("127.0.0.1:3128", proxy.Dialed!.ToString());
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Way_through_SOCKS_is_asked_for_by_name_and_nothing_behind_the_answer_is_taken(int atOnce)
    {
        var proxy = new CannedProxy(SocksOk + "<stream", atOnce);
        var (stream, way) = await DialAsync(proxy, new WebProxy("socks5h://127.0.0.1"), new("example.org", 5222));
        Assert.Equal("\u0005\u0001\0" + "\u0005\u0001\0\u0003\u000Bexample.org\u0014\u0066", proxy.SentText);
        Assert.Equal("example.org:5222 through the proxy socks5h://127.0.0.1:1080", way);
        Assert.Equal("<stream", await new StreamReader(stream).ReadToEndAsync(Token));
        Assert.Equal("127.0.0.1:1080", proxy.Dialed!.ToString());
    }

    [Theory]
    [InlineData("192.0.2.1", "\u0001\u00C0\0\u0002\u0001", "192.0.2.1:443")]
    [InlineData("2001:db8::2", "\u0004\u0020\u0001\u000D\u00B8\0\0\0\0\0\0\0\0\0\0\0\u0002", "[2001:db8::2]:443")]
    public async Task Addresses_are_told_as_such(string host, string inSocks, string inHttp)
    {
        var socks = new CannedProxy(SocksOk);
        await DialAsync(socks, new WebProxy(Socks), new(host, 443));
        Assert.EndsWith("\u0005\u0001\0" + inSocks + "\u0001\u00BB", socks.SentText, StringComparison.Ordinal);
        var http = new CannedProxy(Ok);
        await DialAsync(http, new WebProxy(Http), new(host, 443));
        Assert.StartsWith($"CONNECT {inHttp} HTTP/1.1\r\nHost: {inHttp}\r\n", http.SentText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u0005\0\0\u0003\u0009elsewhere\0\u0050")]
    [InlineData("\u0005\0\0\u0003\0\0\u0050")]
    [InlineData("\u0005\0\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u0050")]
    public async Task Address_that_SOCKS_connects_from_may_be_of_any_kind(string reply)
    {
        var (stream, _) = await DialAsync(new CannedProxy("\u0005\0" + reply + "<stream"), new WebProxy(Socks), new("example.org", 5222));
        Assert.Equal("<stream", await new StreamReader(stream).ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Credentials_go_to_the_proxy_as_its_protocol_says()
    {
        var http = new CannedProxy(Ok);
        await DialAsync(http, new WebProxy(Http) { Credentials = Romeo }, new("example.org", 5222));
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("romeo:wherefore: ärt"));
        Assert.Contains($"\r\nProxy-Authorization: Basic {basic}\r\n", http.SentText, StringComparison.Ordinal);
        var socks = new CannedProxy("\u0005\u0002\u0001\0" + SocksOk[2..]);
        await DialAsync(socks, new WebProxy(Socks) { Credentials = Romeo }, new("example.org", 5222));
        Assert.StartsWith("\u0005\u0002\0\u0002\u0001\u0005romeo\u000Fwherefore: \u00C3\u00A4rt\u0005\u0001\0", socks.SentText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_may_stand_in_the_address()
    {
        var proxy = new CannedProxy(Ok);
        var (_, way) = await DialAsync(proxy, new AnyProxy("http://romeo:where%3Afore@127.0.0.1:1"), new("example.org", 5222));
        Assert.Contains(
            $"Basic {Convert.ToBase64String("romeo:where:fore"u8)}\r\n", proxy.SentText, StringComparison.Ordinal);
        Assert.Equal("example.org:5222 through the proxy http://127.0.0.1:1", way);
    }

    [Fact]
    public async Task Login_that_SOCKS_does_not_want_is_not_told()
    {
        var proxy = new CannedProxy(SocksOk);
        await DialAsync(proxy, new WebProxy(Socks) { Credentials = Romeo }, new("example.org", 5222));
        Assert.DoesNotContain("romeo", proxy.SentText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interim_answers_are_passed_over() =>
        await DialAsync(new CannedProxy("HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 204\r\n\r\n"), new WebProxy(Http), new("example.org", 5222));

    [Theory]
    [InlineData("", "closed the connection without an answer")]
    [InlineData("HTTP/1.1 200 O", "closed the connection in the middle of its answer: HTTP/1.1 200 O")]
    [InlineData("HTTP/1.1 200 OK\r\nVia: x\r\n", "closed the connection in the middle of its answer: HTTP/1.1 200 OK Via: x")]
    [InlineData("<!DOCTYPE html>\n<html>", "answered what is no HTTP: <!DOCTYPE html>")]
    [InlineData("HTTP/2 200\r\n\r\n", "answered what is no HTTP: HTTP/2 200")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n", "answered what is no HTTP: HTTP/1.1 20 OK")]
    [InlineData("HTTP/1.1 2000\r\n\r\n", "answered what is no HTTP: HTTP/1.1 2000")]
    [InlineData("HTTP/1.1 +20\r\n\r\n", "answered what is no HTTP: HTTP/1.1 +20")]
    [InlineData("\u0005\u00FF\r\n\r\n", "answered what is no HTTP: \uFFFD")]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html>", "answered 403 Forbidden")]
    [InlineData("HTTP/1.1 301 \u001B[31mMoved\u0007\r\nLocation: http://elsewhere/\r\n\r\n", "answered 301 [31mMoved")]
    [InlineData("HTTP/1.1 503\r\n\r\n", "answered 503")]
    [InlineData("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n", "answered 407 No: give Proxy a user name and a password")]
    [InlineData("HTTP/1.1 407 No\r\n\r\n", "answered 407 No: give Proxy a user name and a password")]
    [InlineData(
        "HTTP/1.1 407 No\r\nproxy-authenticate: NTLM\r\nPROXY-AUTHENTICATE:Negotiate x\r\n\r\n",
        "answered 407 No: it asks for NTLM, Negotiate, and only Basic is known here")]
    public Task What_HTTP_answers_instead_is_told(string answer, string problem) =>
        AssertFailsAsync(answer, new WebProxy(Http), $"example.org:5222 cannot be reached: the proxy {Http} {problem}");

    [Theory]
    [InlineData("", "closed the connection without an answer")]
    [InlineData("\u0005", "closed the connection in the middle of its answer: ")]
    [InlineData("\u0005\0\u0005\0\0\u0001\u007F\0", "closed the connection in the middle of its answer: ")]
    [InlineData("\u0004\u005A", "answered in version 4 and not in version 5 of SOCKS")]
    [InlineData("\0\u005A", "answered in version 0 and not in version 5 of SOCKS")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "answered as one of HTTP: its address may have to begin with http:")]
    [InlineData("\u0005\u00FF", "wants a login: give Proxy a user name and a password")]
    [InlineData("\u0005\u0002", "chose the login 2, which it was not offered")]
    [InlineData("\u0005\u0001", "chose the login 1, which it was not offered")]
    [InlineData("\u0005\0\u0004\0\0\u0001", "answered in version 4 and not in version 5 of SOCKS")]
    [InlineData("\u0005\0\u0005\u0001\0\u0001", "answered: general failure")]
    [InlineData("\u0005\0\u0005\u0002\0\u0001", "answered: its rules do not allow that")]
    [InlineData("\u0005\0\u0005\u0003\0\u0001", "answered: the network is unreachable")]
    [InlineData("\u0005\0\u0005\u0004\0\u0001", "answered: the host is unreachable, or not found")]
    [InlineData("\u0005\0\u0005\u0005\0\u0001", "answered: the connection was refused")]
    [InlineData("\u0005\0\u0005\u0006\0\u0001", "answered: the time to live expired")]
    [InlineData("\u0005\0\u0005\u0007\0\u0001", "answered: it cannot connect for its clients")]
    [InlineData("\u0005\0\u0005\u0008\0\u0001", "answered: it does not know addresses of that kind")]
    [InlineData("\u0005\0\u0005\u0009\0\u0001", "answered with the unknown reply 9")]
    [InlineData("\u0005\0\u0005\0\0\u0002", "answered with an address of the unknown type 2")]
    public Task What_SOCKS_answers_instead_is_told(string answer, string problem) =>
        AssertFailsAsync(answer, new WebProxy(Socks), $"example.org:5222 cannot be reached: the proxy {Socks}:1080 {problem}");

    [Theory]
    [InlineData(Http, "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n", "does not take the user name and password of Proxy")]
    [InlineData(Socks, "\u0005\u00FF", "takes no user name and password, nor anybody without")]
    [InlineData(Socks, "\u0005\u0002\u0001\u0001", "does not take the user name and password of Proxy")]
    [InlineData(Socks, "\u0005\u0002\u0001", "closed the connection in the middle of its answer")]
    public Task Refused_credentials_are_told_and_not_repeated(string address, string answer, string problem) =>
        AssertFailsAsync(answer, new WebProxy(address) { Credentials = Romeo }, problem);

    [Fact]
    public async Task What_the_protocols_cannot_carry_is_not_sent()
    {
        await AssertFailsAsync(Ok, new WebProxy(Http) { Credentials = new NetworkCredential("ro:meo", "x") }, "a user name with a colon");
        var longName = new NetworkCredential(new string('r', 256), "x");
        await AssertFailsAsync("\u0005\u0002", new WebProxy(Socks) { Credentials = longName }, "user name of 1 to 255 bytes");
        await AssertFailsAsync("\u0005\u0002", new WebProxy(Socks) { Credentials = new NetworkCredential("romeo", "") }, "password of 1 to 255 bytes");
    }

    [Theory]
    [InlineData("evil\r\nX: y")]
    [InlineData("two words")]
    [InlineData("name/path")]
    [InlineData("user@name")]
    [InlineData("")]
    public async Task What_is_no_host_name_is_not_told_to_a_proxy(string host)
    {
        var proxy = new CannedProxy(Ok);
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => DialAsync(proxy, new WebProxy(Http), new(host, 5222)));
        Assert.Contains("is not found", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Null(proxy.Dialed);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", "X-{0}: y\r\n", "answered with more than 16384 bytes: HTTP/1.1 200 OK X-0: y")]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n", "answered with more than 16384 bytes: HTTP/1.1 100 Continue")]
    [InlineData("", "xxxxxxxx", "answered with more than 16384 bytes: xxxxxxxx")]
    public Task Answer_without_an_end_is_given_up(string start, string more, string problem) => AssertFailsAsync(
        start + string.Concat(Enumerable.Range(0, 3000).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, more, i))),
        new WebProxy(Http), problem);

    [Theory]
    [InlineData(Http, "", "made no connection within 7 s")]
    [InlineData(Http, "SSH-2.0-x", "made no connection within 7 s; it began with: SSH-2.0-x")]
    [InlineData(Http, "HTTP/1.1 200 OK\r\n", "made no connection within 7 s; it began with: HTTP/1.1 200 OK")]
    [InlineData(Socks, "", "made no connection within 7 s")]
    [InlineData(Socks, "\u0005\0\u0005", "made no connection within 7 s")]
    public async Task Proxy_that_says_no_more_is_given_up(string address, string answer, string problem)
    {
        var clock = new ManualClock();
        var proxy = new CannedProxy(answer) { StaysOpen = true };
        var dialing = DialAsync(proxy, new WebProxy(address), new("example.org", 5222), clock);
        await proxy.Waiting.Soon();
        clock.Advance(TimeSpan.FromSeconds(7));
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => dialing.Soon());
        Assert.EndsWith(problem, error.Message, StringComparison.Ordinal);
        await proxy.Disposed.Soon();
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_a_proxy()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var proxy = new CannedProxy("") { StaysOpen = true };
        var options = new XmppClientOptions { Proxy = new WebProxy(Http) };
        var dialing = new TargetDialer(options, proxy).DialAsync(new("example.org", 5222), cancel.Token).AsTask();
        await proxy.Waiting.Soon();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dialing.Soon());
        await proxy.Disposed.Soon();
    }

    private static async Task AssertFailsAsync(string answer, IWebProxy proxy, string problem)
    {
        foreach (var atOnce in (int[])[1, 5, int.MaxValue])
        {
            var canned = new CannedProxy(answer, atOnce);
            var error = await Assert.ThrowsAsync<XmppConnectionException>(() => DialAsync(canned, proxy, new("example.org", 5222)));
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("wherefore", error.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
            await canned.Disposed.Soon();
        }
    }

    private static Task<(Stream Stream, string Way)> DialAsync(
        CannedProxy canned, IWebProxy proxy, ServiceTarget target, TimeProvider? clock = null)
    {
        var options = new XmppClientOptions { Proxy = proxy, TimeProvider = clock ?? TimeProvider.System };
        options.Timeouts.Connect = TimeSpan.FromSeconds(7);
        return new TargetDialer(options, canned).DialAsync(target, Token).AsTask();
    }

    private sealed class AnyProxy(string address) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination) => new(address);

        public bool IsBypassed(Uri host) => false;
    }
}
