using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.DotNetty.Tests;

/// <summary>The default passes too: so these are the same demands on both.</summary>
public sealed class SocketStreamTests : StreamTests
{
    private protected override IStreamDialer Dialer { get; } = new SocketDialer();
}
