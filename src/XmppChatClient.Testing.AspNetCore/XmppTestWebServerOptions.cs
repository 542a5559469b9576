namespace XmppChatClient.Testing;

/// <summary>How the web side of a test server is set up.</summary>
public sealed record XmppTestWebServerOptions
{
    /// <summary>A port of 127.0.0.1. Default 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether it is <c>wss:</c>, with a certificate for <c>localhost</c> that the test server's own root signed. Default
    /// <see langword="true"/>.</summary>
    public bool UseTls { get; init; } = true;
}
