namespace XmppChatClient.Transports;

/// <summary>A connector that may be one of several.</summary>
internal interface ITryingConnector : IXmppConnector
{
    /// <summary>As <see cref="IXmppConnector.ConnectAsync"/>, where it is not the end when nothing can be reached.</summary>
    /// <param name="failures">Takes why each place could not.</param>
    /// <returns><see langword="null"/> when nothing can.</returns>
    ValueTask<IXmppTransport?> TryConnectAsync(
        string domain, ServerHost? preferred, List<string> failures, CancellationToken cancellationToken);
}
