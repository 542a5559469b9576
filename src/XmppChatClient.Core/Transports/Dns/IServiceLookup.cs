namespace XmppChatClient.Transports.Dns;

/// <summary>Asks DNS for SRV records.</summary>
internal interface IServiceLookup
{
    /// <param name="name">The full name, such as <c>_xmpp-client._tcp.example.org</c>.</param>
    /// <returns>Empty when there are none. A single target of <c>.</c> means that the service is not offered.</returns>
    /// <exception cref="XmppConnectionException">DNS gave no answer.</exception>
    Task<IReadOnlyList<ServiceRecord>> LookUpAsync(string name, CancellationToken cancellationToken);
}
