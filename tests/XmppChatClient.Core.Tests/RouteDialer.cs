using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests;

/// <summary>Keeps where a client connects to, and lets it reach some addresses only.</summary>
internal sealed class RouteDialer(IStreamDialer inner) : IStreamDialer
{
    private readonly ConcurrentQueue<string> _dialed = new();

    public IReadOnlyList<string> Dialed => [.. _dialed];

    /// <summary>Whether nobody is at an address.</summary>
    public Func<string, bool> IsDead { get; set; } = _ => false;

    /// <summary>Whether whoever is at an address ends each connection at once.</summary>
    public Func<string, bool> IsShut { get; set; } = _ => false;

    public static RouteDialer Of(XmppClientOptions options)
    {
        var routes = new RouteDialer(options.Dialer!);
        options.Dialer = routes;
        return routes;
    }

    public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        _dialed.Enqueue(address.ToString());
        if (IsDead(address.ToString()))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        return IsShut(address.ToString()) ? new ValueTask<Stream>(new MemoryStream()) : inner.DialAsync(address, cancellationToken);
    }
}
