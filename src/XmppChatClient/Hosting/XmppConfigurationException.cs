namespace XmppChatClient.Hosting;

/// <summary>The configuration cannot be used. The message is one line that names the key.</summary>
public sealed class XmppConfigurationException(string message) : Exception(message);
