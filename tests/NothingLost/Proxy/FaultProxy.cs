using System.Net;
using System.Net.Sockets;

namespace XmppChatClient.NothingLost.Proxy;

/// <summary>A TCP proxy on loopback that does to the bytes on their way what a network may: cuts connections at a byte, loses
/// them, holds them up. It knows nothing of XMPP, nor of TLS.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly IPEndPoint _target;
    private readonly List<ProxyConnection> _open = [];

    // Has the port while nobody listens: a neighbour could be given it.
    private readonly Socket _place;
    private readonly List<Task> _accepting = [];
    private Socket? _listener;
    private bool _isDisposed;

    private FaultProxy(IPEndPoint target, TimeProvider clock)
    {
        _target = target;
        Clock = clock;
        ToServer = new ProxyDirection(this);
        ToClient = new ProxyDirection(this);
        _place = Bind(new IPEndPoint(IPAddress.Loopback, 0));
        EndPoint = (IPEndPoint)_place.LocalEndPoint!;
        Listen();
    }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint EndPoint { get; }

    public ProxyDirection ToServer { get; }

    public ProxyDirection ToClient { get; }

    /// <summary>Connections made by clients so far. They have numbers from 1.</summary>
    public Tally Connections { get; } = new();

    /// <summary>Planned cuts that were made.</summary>
    public Tally Cuts { get; } = new();

    internal TimeProvider Clock { get; }

    /// <param name="clock">By which bytes are delayed. Default the system's.</param>
    public static FaultProxy Start(IPEndPoint target, TimeProvider? clock = null) => new(target, clock ?? TimeProvider.System);

    /// <summary>Cuts all connections there are.</summary>
    public void Cut(CutKind kind = CutKind.Reset)
    {
        foreach (var connection in Open())
        {
            connection.Cut(kind);
        }
    }

    /// <summary>Makes both ends of all connections there are seem to have vanished to each other
    /// (<see cref="ProxyDirection.Swallow"/>).</summary>
    public void Swallow()
    {
        ToServer.Swallow();
        ToClient.Swallow();
    }

    /// <summary>Has new connections refused, as by a machine where nobody listens.</summary>
    public void Refuse()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <summary>Ends what <see cref="Refuse"/> has begun.</summary>
    public void Accept()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_listener is null)
            {
                Listen();
            }
        }
    }

    /// <summary>Cuts all connections, and ends when nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        Refuse();
        Cut();
        _place.Dispose();
        await Task.WhenAll(_accepting);
    }

    private static Socket Bind(IPEndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(address);
        return socket;
    }

    private void Listen()
    {
        _listener = Bind(EndPoint);
        _listener.Listen();
        _accepting.Add(AcceptAsync(_listener));
    }

    private async Task AcceptAsync(Socket listener)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                client.NoDelay = true;
                running.RemoveAll(r => r.IsCompleted);
                running.Add(RunAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody listens any more.
        }

        await Task.WhenAll(running);
    }

    private async Task RunAsync(Socket client)
    {
        using var connection = Add(client);
        await connection.RunAsync(_target);
        lock (_gate)
        {
            _open.Remove(connection);
        }
    }

    private ProxyConnection Add(Socket client)
    {
        lock (_gate)
        {
            var connection = new ProxyConnection(this, Connections.Add(1), client);
            _open.Add(connection);
            if (_isDisposed)
            {
                connection.Cut(CutKind.Reset);
            }

            return connection;
        }
    }

    private ProxyConnection[] Open()
    {
        lock (_gate)
        {
            return [.. _open];
        }
    }
}
