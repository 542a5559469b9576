using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace XmppChatClient.Interop.Tests.Servers;

internal static class LoopbackPorts
{
    // Below the kernel's ephemeral range, so that no outgoing connection of a neighbour takes one before the server does.
    private const int First = 20000;
    private const int AfterLast = 32000;

    private static readonly ConcurrentDictionary<int, byte> Given = new();

    /// <summary>A port of 127.0.0.1 that nobody listens on and that this process has not handed out before.</summary>
    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, AfterLast);
            if (Given.TryAdd(port, 0) && IsFree(port))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
