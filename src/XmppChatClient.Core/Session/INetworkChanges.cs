namespace XmppChatClient.Session;

/// <summary>Tells when this machine's network changes.</summary>
internal interface INetworkChanges
{
    /// <summary>Calls back at each change, on any thread, until what is returned is disposed.</summary>
    IDisposable Watch(Action changed);
}
