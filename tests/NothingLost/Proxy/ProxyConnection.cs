using System.Net;
using System.Net.Sockets;

namespace XmppChatClient.NothingLost.Proxy;

/// <summary>One client's connection, and the one made for it to the server.</summary>
internal sealed class ProxyConnection(FaultProxy proxy, long number, Socket client) : IDisposable
{
    private const int PieceLength = 16_384;

    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    // Stays undisposed: it has no timer, and a cut may come at any time.
    private readonly CancellationTokenSource _cut = new();

    /// <summary>Carries bytes both ways until both have ended.</summary>
    public async Task RunAsync(IPEndPoint target)
    {
        try
        {
            await _server.ConnectAsync(target, _cut.Token);
            await Task.WhenAll(PumpAsync(client, _server, proxy.ToServer), PumpAsync(_server, client, proxy.ToClient));
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The server refused it, or it was cut before it was there.
            Cut(CutKind.Reset);
        }

        client.Dispose();
        _server.Dispose();
    }

    public void Cut(CutKind kind)
    {
        // From here on what comes is dropped.
        _cut.Cancel();
        Action<Socket> end = kind == CutKind.Finish ? Finish : Reset;
        end(client);
        end(_server);
    }

    public void Dispose() => Cut(CutKind.Reset);

    private static bool IsEnd(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException;

    private static void Finish(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // It has ended by itself.
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // It has ended by itself.
        }

        socket.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, ProxyDirection direction)
    {
        var piece = new byte[PieceLength];
        try
        {
            int length;
            while ((length = await from.ReceiveAsync(piece)) > 0)
            {
                await PassAsync(piece.AsMemory(0, length), to, direction);
            }

            if (!IsDropping(direction))
            {
                Finish(to);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            if (!IsDropping(direction))
            {
                Cut(CutKind.Reset);
            }
        }
    }

    private async ValueTask PassAsync(Memory<byte> piece, Socket to, ProxyDirection direction)
    {
        if (!IsDropping(direction))
        {
            await direction.WaitAsync(proxy.Clock, _cut.Token).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Asked anew: the wait may have ended because of a cut, or been long.
        if (IsDropping(direction))
        {
            direction.Swallowed.Add(piece.Length);
            return;
        }

        var (passing, cut) = direction.Admit(number, piece.Length);
        for (var rest = piece[..passing]; rest.Length > 0;)
        {
            rest = rest[await to.SendAsync(rest)..];
        }

        direction.HasPassed(passing);
        if (cut is not null)
        {
            Cut(cut.Kind);
            proxy.Cuts.Add(1);
            cut.IsMade();
        }
    }

    private bool IsDropping(ProxyDirection direction) => _cut.IsCancellationRequested || direction.Swallows(number);
}
