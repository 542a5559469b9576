using System.Net;

namespace XmppChatClient.Testing;

/// <summary>How a test server is set up.</summary>
public sealed record XmppTestServerOptions
{
    /// <summary>The domain that is served. Default <c>localhost</c>.</summary>
    public string Domain { get; init; } = "localhost";

    /// <summary>Where to listen for TCP with STARTTLS; port 0 takes any free one. Default nowhere: connections stay in
    /// memory. Give a loopback address only: this server is for tests.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Where to listen for TCP with TLS from the first byte (XEP-0368). Default nowhere.</summary>
    public IPEndPoint? ListenDirectTls { get; init; }

    /// <summary>Where to listen for components (XEP-0114), in the clear. Default nowhere.</summary>
    public IPEndPoint? ListenComponents { get; init; }

    /// <summary>Whether clients must have TLS before they log in. Default <see langword="true"/>.</summary>
    public bool RequireTls { get; init; } = true;

    /// <summary>The SASL mechanisms to offer, in this order: SCRAM-SHA-1 and -256, each also with -PLUS, PLAIN, ANONYMOUS.
    /// Default all but ANONYMOUS. -PLUS and PLAIN are offered over TLS only.</summary>
    public IReadOnlyList<string> Mechanisms { get; init; } =
        ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "PLAIN"];

    /// <summary>Whether clients may make accounts (XEP-0077). Default <see langword="false"/>.</summary>
    public bool AllowRegistration { get; init; }

    /// <summary>Whether nobody else may enter a room that a user makes before its owner has submitted its form, with fields or
    /// without (XEP-0045 §10.1). Default <see langword="true"/>, as in Prosody: a bot that forgets it should fail a test. In
    /// ejabberd new rooms are open. Those of <see cref="XmppTestServer.AddRoom"/> always are.</summary>
    public bool LockNewRooms { get; init; } = true;

    public TestLoginOptions Login { get; init; } = new();

    public TestStreamManagementOptions StreamManagement { get; init; } = new();

    public ArchiveOptions Archive { get; init; } = new();

    public XmppTestServerLimits Limits { get; init; } = new();

    /// <summary>How many of the last lines the transcript keeps. Default 5,000; 0 keeps none, as for a load test.</summary>
    public int TranscriptLength { get; init; } = 5_000;

    /// <summary>How long whatever waits in a test waits before it fails, by the machine's clock. Default 10 s.</summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock of the server's own timeouts and stamps. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>By which whatever waits for the server waits: for tests of waits that fail.</summary>
    internal TimeProvider WaitClock { get; init; } = TimeProvider.System;
}
