using System.Net.WebSockets;
using System.Text;

namespace MinimalChat.Tests;

/// <summary>Somebody at <c>/ws</c>.</summary>
internal sealed class SocketVisitor : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();

    /// <summary>What the server closed the connection with.</summary>
    public WebSocketCloseStatus? ClosedWith => _socket.CloseStatus;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SocketVisitor> ConnectAsync(ChatSite site)
    {
        var visitor = new SocketVisitor();
        await visitor._socket.ConnectAsync(new Uri(site.Address.Replace("http", "ws", StringComparison.Ordinal) + "/ws"), Token)
            .WaitAsync(Hang.Limit, Token);
        return visitor;
    }

    public Task SayAsync(string text) => SayAsync(Encoding.UTF8.GetBytes(text));

    public Task SayAsync(ReadOnlyMemory<byte> text) =>
        _socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, Token).AsTask().WaitAsync(Hang.Limit, Token);

    /// <summary>The next message; null when the server ended the connection.</summary>
    public async Task<string?> HearAsync()
    {
        var buffer = new byte[100_000];
        var length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(length), Token).AsTask().WaitAsync(Hang.Limit, Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Token);
                    return null;
                }
            }
            catch (WebSocketException)
            {
                // It may be gone before it has our answer.
                return null;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
    }

    /// <summary>Closes the connection in good order.</summary>
    public Task LeaveAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token).WaitAsync(Hang.Limit, Token);

    /// <summary>Cuts it.</summary>
    public void Vanish() => _socket.Abort();

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
