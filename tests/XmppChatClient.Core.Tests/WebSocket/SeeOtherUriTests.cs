using XmppChatClient.Session;
using XmppChatClient.Streams;

namespace XmppChatClient.Core.Tests.WebSocket;

/// <summary>Servers that send their clients to another endpoint (RFC 7395 §3.4).</summary>
public sealed class SeeOtherUriTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_that_is_sent_elsewhere_goes_there_at_once(bool afterLogin)
    {
        WebVisit? first = null;
        await using var other = WebEnd.Start(async visit =>
        {
            await visit.LogInAsync();
            await visit.EndAsync();
        });
        await using var end = WebEnd.Start(async visit =>
        {
            first = visit;
            await (afterLogin ? visit.LogInAsync() : visit.OpenAsync());
            await visit.SendAsync(SeeOther(other.Endpoint.ToString()));
            await visit.EndAsync();
        });
        await using var client = new XmppClient(end.Options(o => o.Reconnect.Enabled = true));
        await client.ConnectAsync(Token).Soon();
        var starts = 0;
        await foreach (var next in client.ReadEventsAsync(Token))
        {
            if (next is SessionEnded ended)
            {
                Assert.Equal(TimeSpan.Zero, ended.RetryIn);
            }

            if (next is SessionStarted && ++starts == (afterLogin ? 2 : 1))
            {
                break;
            }
        }

        Assert.Equal(WebVisit.Closing, first!.Received[^1]);
    }

    [Theory]
    [InlineData("not a URI")]
    [InlineData("xmpp:example.org")]
    [InlineData("wss://romeo:secret@example.org/")]
    public async Task What_names_no_endpoint_is_not_followed(string uri)
    {
        await using var end = WebEnd.Start(async visit =>
        {
            await visit.OpenAsync();
            await visit.SendAsync(SeeOther(uri));
            await visit.EndAsync();
        });
        await using var client = new XmppClient(end.Options());
        var error = await Assert.ThrowsAsync<XmppStreamException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal(StreamErrorCondition.SeeOtherHost, error.Error.Condition);
    }

    [Theory]
    [InlineData("wss://other.example/", TlsMode.Required, true, null)]
    [InlineData("https://other.example/bosh", TlsMode.Required, true, null)]
    [InlineData("ws://other.example/", TlsMode.Disabled, false, null)]
    [InlineData("ws://other.example/", TlsMode.Disabled, true, "less secure")]
    [InlineData("ws://other.example/", TlsMode.Required, true, "less secure")]
    [InlineData("http://other.example/", TlsMode.Required, true, "less secure")]
    [InlineData("wss://other.example/", TlsMode.Required, false, "before TLS was on")]
    public void Less_security_is_not_followed(string uri, TlsMode tls, bool isEncrypted, string? problem)
    {
        var next = new NextHost(tls);
        var found = next.Follow(
            new StreamError(StreamErrorCondition.SeeOtherHost) { OtherEndpoint = new Uri(uri) }, isEncrypted);
        Assert.Equal(problem is null, found is null);
        Assert.Contains(problem ?? "", found ?? "", StringComparison.Ordinal);
        Assert.Equal(problem is null ? new Uri(uri) : null, next.Preferred?.Endpoint);
    }

    [Fact]
    public async Task Endpoint_that_cannot_be_reached_leaves_the_usual_one()
    {
        var visits = 0;
        await using var end = WebEnd.Start(async visit =>
        {
            if (Interlocked.Increment(ref visits) == 1)
            {
                await visit.OpenAsync();
                await visit.SendAsync(SeeOther("ws://no-such-host.invalid/"));
            }
            else
            {
                await visit.LogInAsync();
            }

            await visit.EndAsync();
        });
        await using var client = new XmppClient(end.Options());
        await client.ConnectAsync(Token).Soon();
        Assert.Equal(2, visits);
    }

    private static string SeeOther(string uri) => $"<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' see-other-uri='{uri}'/>";
}
