namespace XmppChatClient.Transports.Dns;

/// <summary>A host and port that offer a service.</summary>
internal sealed record ServiceTarget(string Host, int Port)
{
    public override string ToString() => new ServerHost(Host, Port).ToString();
}
