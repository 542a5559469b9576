using System.Diagnostics.CodeAnalysis;

namespace XmppChatClient;

/// <summary>Has a client's TCP connections run on DotNetty instead of sockets. All else, TLS too, stays as it is.</summary>
[RequiresUnreferencedCode(DotNettyEventLoops.Problem)]
[RequiresDynamicCode(DotNettyEventLoops.Problem)]
public static class XmppDotNettyExtensions
{
    /// <summary>Uses an event loop of the client's own, one thread that runs while the client is connected.</summary>
    public static XmppClientOptions UseDotNetty(this XmppClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Dialer = new PrivateEventLoop();
        return options;
    }

    /// <summary>Uses event loops that other clients may use too.</summary>
    /// <param name="loops">Not disposed with the client: dispose them after it.</param>
    public static XmppClientOptions UseDotNetty(this XmppClientOptions options, DotNettyEventLoops loops)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loops);
        options.Dialer = loops;
        return options;
    }
}
