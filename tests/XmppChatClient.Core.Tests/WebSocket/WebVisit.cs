using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace XmppChatClient.Core.Tests.WebSocket;

/// <summary>One connection to a <see cref="WebEnd"/>: HTTP by hand, and then the platform's WebSocket.</summary>
internal sealed partial class WebVisit(Stream stream)
{
    public const string Opening =
        "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org' id='1' version='1.0' xml:lang='en'/>";

    public const string Closing = "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>";

    // RFC 6455 §1.3
    private const string Key = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private System.Net.WebSockets.WebSocket? _socket;
    private bool _isClosed;

    /// <summary>All that came in text messages.</summary>
    public List<string> Received { get; } = [];

    /// <summary>How the client closed the WebSocket.</summary>
    public WebSocketCloseStatus? CloseStatus => _socket?.CloseStatus;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Reads the request, and answers it.</summary>
    /// <param name="answer">HTTP; <c>{accept}</c> stands for what accepts the request.</param>
    /// <returns>The request.</returns>
    public async Task<string> AnswerAsync(string answer)
    {
        var request = new StringBuilder();
        var bytes = new byte[1024];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(bytes, Token);
            Assert.NotEqual(0, count);
            request.Append(Encoding.ASCII.GetString(bytes, 0, count));
        }

        var key = KeyHeader().Match(request.ToString()).Groups[1].Value;
#pragma warning disable CA5350 // The protocol has no other.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Key)));
#pragma warning restore CA5350
        var text = answer.ReplaceLineEndings("\r\n").Replace("{accept}", accept, StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), Token);
        return request.ToString();
    }

    /// <summary>Becomes a WebSocket.</summary>
    /// <returns>The request.</returns>
    public async Task<string> UpgradeAsync()
    {
        var request = await AnswerAsync(
            "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: {accept}\n"
            + "Sec-WebSocket-Protocol: xmpp\n\n");
        _socket = System.Net.WebSockets.WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, SubProtocol = "xmpp" });
        return request;
    }

    /// <summary>Becomes a WebSocket, and takes the client's opening.</summary>
    public async Task OpenAsync()
    {
        await UpgradeAsync();
        Assert.StartsWith("<open ", await NextAsync(), StringComparison.Ordinal);
    }

    /// <summary>Lets the client in.</summary>
    public async Task LogInAsync()
    {
        await OpenAsync();
        await SendAsync(Opening);
        await SendAsync(
            "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>"
            + "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>");
        Assert.StartsWith("<auth ", await NextAsync(), StringComparison.Ordinal);
        await SendAsync("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        Assert.StartsWith("<open ", await NextAsync(), StringComparison.Ordinal);
        await SendAsync(Opening);
        await SendAsync(
            "<features xmlns='http://etherx.jabber.org/streams'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></features>");
        var id = IdOf().Match(await NextAsync()).Groups[1].Value;
        await SendAsync(
            $"<iq xmlns='jabber:client' type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
            + "<jid>guest@example.org/1</jid></bind></iq>");
    }

    public Task SendAsync(string message)
    {
        _isClosed |= message.StartsWith("<close ", StringComparison.Ordinal);
        return SendAsync(Encoding.UTF8.GetBytes(message));
    }

    public async Task SendAsync(
        byte[] message, WebSocketMessageType type = WebSocketMessageType.Text, bool endOfMessage = true) =>
        await _socket!.SendAsync(message.AsMemory(), type, endOfMessage, Token);

    public Task CloseAsync(WebSocketCloseStatus status, string? reason = null) => _socket!.CloseOutputAsync(status, reason, Token);

    /// <summary>The next text message, which came in one frame; empty when the client closed the WebSocket.</summary>
    public async Task<string> NextAsync()
    {
        var bytes = new byte[65_536];
        var part = await _socket!.ReceiveAsync(bytes.AsMemory(), Token);
        if (part.MessageType == WebSocketMessageType.Close)
        {
            return "";
        }

        Assert.Equal(WebSocketMessageType.Text, part.MessageType);
        Assert.True(part.EndOfMessage);
        var text = Encoding.UTF8.GetString(bytes, 0, part.Count);
        Received.Add(text);
        return text;
    }

    /// <summary>Takes what comes until the client has closed or cut the connection.</summary>
    /// <param name="answers">Whether the end of the client's stream is answered.</param>
    public async Task EndAsync(bool answers = true)
    {
        try
        {
            if (_socket is null)
            {
                await stream.CopyToAsync(Stream.Null, Token);
                return;
            }

            while (await NextAsync() is { Length: > 0 } text)
            {
                if (text == Closing && answers && !_isClosed)
                {
                    await SendAsync(Closing);
                    await CloseAsync(WebSocketCloseStatus.NormalClosure);
                }
            }
        }
        catch (Exception e) when (e is IOException or WebSocketException)
        {
            // That is an end too.
        }
    }

    [GeneratedRegex("Sec-WebSocket-Key: (.*)\r", RegexOptions.IgnoreCase)]
    private static partial Regex KeyHeader();

    [GeneratedRegex(" id='([^']*)'")]
    private static partial Regex IdOf();
}
