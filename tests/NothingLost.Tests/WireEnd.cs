using System.Net.Sockets;
using System.Text;
using XmppChatClient.Core.Tests;

namespace XmppChatClient.NothingLost.Tests;

internal sealed class WireEnd(Socket socket) : IDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task SendAsync(string text) => await SendAsync(Encoding.ASCII.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, Token).AsTask().Soon()..];
        }
    }

    public void Finish() => socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    /// <summary>The next bytes of that number.</summary>
    public async Task<string> ReadAsync(int count)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(filled), Token).AsTask().Soon();
            Assert.NotEqual(0, read);
            filled += read;
        }

        return Encoding.ASCII.GetString(bytes);
    }

    /// <summary>All that comes, and with a <c>!</c> behind it when it ends with an error.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var bytes = new byte[4_096];
        try
        {
            while (await socket.ReceiveAsync(bytes, Token).AsTask().Soon() is > 0 and var read)
            {
                text.Append(Encoding.ASCII.GetString(bytes, 0, read));
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            text.Append('!');
        }

        return text.ToString();
    }

    public void Dispose() => socket.Dispose();
}
