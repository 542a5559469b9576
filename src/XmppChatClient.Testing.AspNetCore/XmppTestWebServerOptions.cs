namespace XmppChatClient.Testing;

/// <summary>How the web side of a test server is set up.</summary>
public sealed record XmppTestWebServerOptions
{
    /// <summary>A port of 127.0.0.1. Default 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether it is <c>wss:</c> and <c>https:</c>, with a certificate for <c>localhost</c> that the test server's own root signed.
    /// Default <see langword="true"/>.</summary>
    public bool UseTls { get; init; } = true;

    /// <summary>Longest a request of BOSH is held, whatever the client allows. Default 60 s.</summary>
    public TimeSpan BoshWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a client of BOSH may be without a request before its session is lost. Default 30 s.</summary>
    public TimeSpan BoshInactivity { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client of BOSH must wait between two requests that ask for nothing and get nothing; one that does not is
    /// thrown out. In whole seconds. Default 2 s.</summary>
    public TimeSpan BoshPolling { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many requests of BOSH may be unanswered, 1 or more; with 1 nothing is held, so that clients have to poll. Default 2.
    /// </summary>
    public int BoshRequests { get; init; } = 2;

    /// <summary>What these times go by. Default the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
