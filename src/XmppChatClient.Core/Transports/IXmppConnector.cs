namespace XmppChatClient.Transports;

/// <summary>Makes connections to a server.</summary>
public interface IXmppConnector
{
    /// <summary>Connects, trying every address it knows, with TLS already on where it starts with the connection. No
    /// stream is open yet.</summary>
    /// <param name="domain">The server's domain, which its certificate must be for, whatever its host is called, unless what connects goes by a
    /// URI, as on the web.</param>
    /// <param name="preferred">The host that the server named for this connection: to be tried before any other, which are
    /// tried when it cannot be reached. <see langword="null"/> for none.</param>
    /// <exception cref="XmppException">No address could be reached, or the server is not who it should be.</exception>
    ValueTask<IXmppTransport> ConnectAsync(string domain, ServerHost? preferred, CancellationToken cancellationToken);
}
