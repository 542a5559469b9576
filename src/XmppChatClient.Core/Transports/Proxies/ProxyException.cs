namespace XmppChatClient.Transports.Proxies;

/// <summary>A proxy that makes no way to the target; the message is what follows its name: <c>answered 403 Forbidden</c>.</summary>
internal sealed class ProxyException(string message) : IOException(message);
