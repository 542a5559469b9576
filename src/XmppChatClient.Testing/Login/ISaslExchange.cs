namespace XmppChatClient.Testing.Login;

/// <summary>The server's side of one attempt to log in.</summary>
internal interface ISaslExchange
{
    /// <summary>Whether the first message is the client's.</summary>
    bool ClientBegins { get; }

    /// <summary>Takes a message of the client. Never throws, whatever it holds.</summary>
    SaslStep Next(byte[] message);
}
