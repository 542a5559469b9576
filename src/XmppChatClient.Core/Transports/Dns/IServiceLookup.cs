namespace XmppChatClient.Transports.Dns;

/// <summary>Asks DNS for SRV records.</summary>
internal interface IServiceLookup
{
    /// <param name="name">The full name, such as <c>_xmpp-client._tcp.example.org</c>.</param>
    /// <exception cref="XmppConnectionException">DNS gave no answer.</exception>
    Task<ServiceAnswer> LookUpAsync(string name, CancellationToken cancellationToken);
}
