namespace XmppChatClient.Transports.Dns;

/// <summary>A host and port that offer a service.</summary>
/// <param name="IsDirectTls">Whether TLS begins with the connection (XEP-0368).</param>
internal sealed record ServiceTarget(string Host, int Port, bool IsDirectTls = false)
{
    public override string ToString() => new ServerHost(Host, Port).ToString();
}
