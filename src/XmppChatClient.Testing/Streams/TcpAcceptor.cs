using System.Net;
using System.Net.Sockets;
using XmppChatClient.Testing.Server;

namespace XmppChatClient.Testing.Streams;

/// <summary>Listens on one address.</summary>
internal sealed class TcpAcceptor : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly ServerEngine _server;
    private readonly ConnectionKind _kind;
    private readonly Task _accepting;

    /// <exception cref="TestServerException">The address is taken, or cannot be had.</exception>
    public TcpAcceptor(ServerEngine server, IPEndPoint address, ConnectionKind kind)
    {
        _server = server;
        _kind = kind;
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(address);
            _listener.Listen();
        }
        catch (SocketException e)
        {
            _listener.Dispose();
            throw new TestServerException($"The test server cannot listen on {address}: {e.Message}", e);
        }

        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, its port known.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Stops listening, and waits for nothing.</summary>
    public void Close() => _listener.Dispose();

    public async ValueTask DisposeAsync()
    {
        Close();
        await _accepting.ConfigureAwait(false);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // It was gone again before it was accepted.
                continue;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            Serve(socket);
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            var stream = new NetworkStream(socket, ownsSocket: true);
            _server.Accept(new Wire(stream, () => CloseOutput(socket), $"{socket.RemoteEndPoint}"), _kind);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // It was gone again before it was served.
            socket.Dispose();
        }
    }

    private static void CloseOutput(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was quicker.
        }
    }
}
