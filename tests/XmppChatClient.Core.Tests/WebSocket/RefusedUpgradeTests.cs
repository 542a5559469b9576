using System.Net;
using System.Net.Sockets;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Core.Tests.WebSocket;

/// <summary>Endpoints that are no WebSocket of XMPP: the error names each, and what it answered.</summary>
public sealed class RefusedUpgradeTests
{
    private const string Switching = "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(
        "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 28\n\n<html>\n<b>Hello</b>\t</html>",
        "answered 200 OK with text/html instead of a WebSocket: <html> <b>Hello</b> </html>")]
    [InlineData("HTTP/1.1 404 Not Found\nContent-Length: 0\n\n", "answered 404 Not Found instead of a WebSocket")]
    [InlineData("HTTP/1.1 426\nContent-Length: 0\n\n", "answered 426")]
    [InlineData("HTTP/1.1 503 Service Unavailable\nContent-Length: 10\n\nshort", "answered 503 Service Unavailable")]
    [InlineData(
        "HTTP/1.1 301 Moved Permanently\nLocation: http://elsewhere.test/ws\nContent-Length: 0\n\n",
        "answered 301 Moved Permanently and points to http://elsewhere.test/ws, which is not followed")]
    [InlineData(
        "HTTP/1.1 307 Temporary Redirect\nLocation: /other\nContent-Length: 0\n\n",
        "answered 307 Temporary Redirect and points to /other, which is not followed")]
    [InlineData(Switching + "Sec-WebSocket-Accept: {accept}\n\n", "is a WebSocket without the subprotocol 'xmpp'")]
    [InlineData(Switching + "Sec-WebSocket-Accept: {accept}\nSec-WebSocket-Protocol: chat\n\n", "'chat'")]
    [InlineData(Switching + "Sec-WebSocket-Accept: AAAA\nSec-WebSocket-Protocol: xmpp\n\n", "AAAA")]
    [InlineData(Switching + "Sec-WebSocket-Protocol: xmpp\n\n", "Sec-WebSocket-Accept")]
    [InlineData("SSH-2.0-OpenSSH_9.2\n", "SSH-2.0-OpenSSH_9.2")]
    public async Task Answer_that_is_no_upgrade_is_named(string answer, string problem)
    {
        await using var end = WebEnd.Start(async visit => await visit.AnswerAsync(answer));
        var message = await FailAsync(end);
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_that_does_not_end_is_shown_by_its_beginning()
    {
        await using var end = WebEnd.Start(async visit =>
        {
            await visit.AnswerAsync("HTTP/1.1 200 OK\nContent-Length: 1000000\n\n" + new string('x', 500));
            await visit.EndAsync();
        });
        Assert.EndsWith(": " + new string('x', 100), await FailAsync(end), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_is_not_in_the_message()
    {
        await using var end = WebEnd.Start(async visit => await visit.AnswerAsync("HTTP/1.1 404 Not Found\nContent-Length: 0\n\n"));
        await using var client = new XmppClient(end.Options(o => o.Endpoint = new Uri(end.Endpoint + "?token=secret")));
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_that_is_cut_is_a_failure_of_the_endpoint()
    {
        await using var end = WebEnd.Start(_ => Task.CompletedTask);
        await FailAsync(end);
    }

    [Fact]
    public async Task Endpoint_where_nobody_listens_is_named_with_its_address()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var end = WebEnd.Start(_ => Task.CompletedTask);
        await using var client = new XmppClient(end.Options(o => o.Endpoint = new Uri($"ws://{socket.LocalEndPoint}/ws")));
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains($"ws://{socket.LocalEndPoint}/ws cannot be reached ({socket.LocalEndPoint}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_that_is_not_found_is_named()
    {
        await using var end = WebEnd.Start(_ => Task.CompletedTask);
        await using var client = new XmppClient(end.Options(o => o.Endpoint = new Uri("ws://no-such-host.invalid/ws")));
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.Contains("The host no-such-host.invalid is not found", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_that_says_nothing_is_given_up()
    {
        var clock = new ManualClock();
        await using var end = WebEnd.Start(visit => visit.EndAsync());
        await using var client = new XmppClient(end.Options(o =>
        {
            o.TimeProvider = clock;
            o.Timeouts.Connect = TimeSpan.FromSeconds(7);
        }));
        var connecting = client.ConnectAsync(Token);

        // For the address, and then for what comes after.
        await clock.TimerSetAsync(TimeSpan.FromSeconds(7));
        await clock.TimerSetAsync(TimeSpan.FromSeconds(7));
        clock.Advance(TimeSpan.FromSeconds(7));
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => connecting.Soon());
        Assert.Contains($"{end.Endpoint} did not become a WebSocket within 7 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempt_that_is_cancelled_ends_at_once()
    {
        var began = new TaskCompletionSource();
        await using var end = WebEnd.Start(async visit =>
        {
            began.SetResult();
            await visit.EndAsync();
        });
        await using var client = new XmppClient(end.Options());
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var connecting = client.ConnectAsync(cancelled.Token);
        await began.Task.Soon();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
    }

    private static async Task<string> FailAsync(WebEnd end)
    {
        await using var client = new XmppClient(end.Options());
        var error = await Assert.ThrowsAsync<XmppConnectionException>(() => client.ConnectAsync(Token).Soon());
        Assert.True(error.IsTransient);
        Assert.Contains(end.Endpoint.ToString(), error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
