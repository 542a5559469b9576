using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Benchmarks.Load;

/// <summary>A server on a port of its own that is there for one bot.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private const int Backlog = 512;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Channel<ServerConnection> _online = Channel.CreateUnbounded<ServerConnection>();
    private readonly TaskCompletionSource<Exception> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ServerIdentity _identity;
    private readonly Link _link;
    private readonly Task _accepting;

    public LoopbackServer(ServerIdentity identity, Link link)
    {
        _identity = identity;
        _link = link;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(Backlog);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Ends when a connection does, with why.</summary>
    public Task<Exception> Lost => _lost.Task;

    /// <summary>The next connection whose bot is online.</summary>
    public ValueTask<ServerConnection> NextOnlineAsync(CancellationToken cancellationToken) => _online.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        for (var number = 0; ; number++)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(new ServerConnection(socket, _identity, _link, number));
        }
    }

    private async Task ServeAsync(ServerConnection connection)
    {
        using (connection)
        {
            try
            {
                await connection.ServeAsync(online => _online.Writer.TryWrite(online));
                _lost.TrySetResult(new EndOfStreamException("The bot ended its connection."));
            }
#pragma warning disable CA1031 // Whatever it was, the run ends with it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _lost.TrySetResult(e);
            }
        }
    }
}
