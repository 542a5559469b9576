using XmppChatClient.Transports;

namespace XmppChatClient.Core.Tests;

/// <summary>Connects as the test says.</summary>
internal sealed class FakeConnector(Func<CancellationToken, Task<IXmppTransport>> connect) : IXmppConnector
{
    public ValueTask<IXmppTransport> ConnectAsync(
        string domain, ServerHost? preferred, CancellationToken cancellationToken) =>
        new(connect(cancellationToken));
}
