namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>
/// A real XMPP server on loopback, in a temporary folder of its own: alice, bob, carol and bot at example.test, all with
/// the password <c>secret</c>. Its data and ports survive a restart and go with disposal.
/// </summary>
public abstract class XmppServer : IAsyncDisposable
{
    private readonly string[] _users = ["alice", "bob", "carol", "bot"];
    private ServerProcess? _process;
    private bool _hasStarted;

    protected XmppServer(ServerKind kind, ServerSettings settings)
    {
        Kind = kind;
        Settings = settings;
        Folder = Directory.CreateDirectory(Path.Combine(Parent(), $"xmpp-{kind}-{Guid.NewGuid():N}".ToLowerInvariant())).FullName;
        Certificates = new TestCertificates(Directory.CreateDirectory(Path.Combine(Folder, "certificates")).FullName);
    }

    public ServerKind Kind { get; }

    public ServerSettings Settings { get; }

    public TestCertificates Certificates { get; }

    /// <summary>PEM file of the authority that signed the server's certificate.</summary>
    public string TrustedRoots => Certificates.TrustedRoots;

    public string Domain => "example.test";

    /// <summary>A virtual host that lets anybody in with SASL ANONYMOUS.</summary>
    public string AnonymousDomain => "anon.example.test";

    public string ConferenceDomain => "conference.example.test";

    public string UploadDomain => "upload.example.test";

    /// <summary>An external component (XEP-0114) may connect as this domain.</summary>
    public string ComponentDomain => "component.example.test";

    public string ComponentSecret => "secret";

    /// <summary>The password of every account made at the start.</summary>
    public string Password => "secret";

    public string Host => "127.0.0.1";

    /// <summary>For clients, with STARTTLS.</summary>
    public int Port { get; } = LoopbackPorts.Take();

    /// <summary>For clients, TLS from the first byte (XEP-0368).</summary>
    public int DirectTlsPort { get; } = LoopbackPorts.Take();

    public int ComponentPort { get; } = LoopbackPorts.Take();

    /// <summary>For components, TLS from the first byte, which ejabberd alone has.</summary>
    public int DirectTlsComponentPort { get; } = LoopbackPorts.Take();

    /// <summary>Plain HTTP: BOSH at /http-bind, WebSocket at /xmpp-websocket.</summary>
    public int HttpPort { get; } = LoopbackPorts.Take();

    /// <summary>The same over TLS, and file upload.</summary>
    public int HttpsPort { get; } = LoopbackPorts.Take();

    /// <summary>Where its WebSocket is. By address: Prosody serves no name of the machine.</summary>
    public Uri WebSocketEndpoint(bool isEncrypted) => new(isEncrypted
        ? $"wss://{Host}:{HttpsPort}/xmpp-websocket" : $"ws://{Host}:{HttpPort}/xmpp-websocket");

    /// <summary>Where its BOSH is. By address, as above.</summary>
    public Uri BoshEndpoint(bool isEncrypted) => new(isEncrypted
        ? $"https://{Host}:{HttpsPort}/http-bind" : $"http://{Host}:{HttpPort}/http-bind");

    /// <summary>What the server printed: worth writing out when a test fails.</summary>
    public string Log => _process?.Output ?? "";

    protected string Folder { get; }

    /// <summary>A private server of the kind, for tests with wishes of their own; skips or fails where it is not installed.</summary>
    public static async Task<XmppServer> StartNewAsync(ServerKind kind, ServerSettings settings, CancellationToken cancellationToken)
    {
        Installed.Demand(kind);
        XmppServer server = kind == ServerKind.Prosody ? new ProsodyServer(settings) : new EjabberdServer(settings);
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server and returns when it has greeted a client with stream features.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_process is not null)
            throw new InvalidOperationException("The server runs already.");
        _process = Launch();
        await WaitUntilReadyAsync(_process, cancellationToken);
        if (!_hasStarted)
        {
            foreach (var user in _users)
                await AddUserAsync(user, Password, cancellationToken);
            _hasStarted = true;
        }

        await GreetAsync(cancellationToken);
    }

    /// <summary>Ends the server in an orderly way: it closes its streams and saves what it has.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        await process.StopAsync();
        process.Dispose();
    }

    /// <summary>Ends the server with SIGKILL: streams just break. Start it again with <see cref="StartAsync"/>.</summary>
    public async Task CrashAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        await process.KillAsync();
        process.Dispose();
    }

    /// <summary>Stops and starts: same ports, same accounts, same data.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await StopAsync();
        await StartAsync(cancellationToken);
    }

    /// <summary>Adds an account at example.test to the running server, or gives it a new password.</summary>
    public Task AddUserAsync(string name, string password, CancellationToken cancellationToken)
    {
        var process = _process ?? throw new InvalidOperationException("The server does not run.");
        return AddUserAsync(process, name, password, cancellationToken);
    }

    /// <summary>Ends when no session of that account at example.test is left: what its clients sent has been dealt with.</summary>
    public Task WaitUntilGoneAsync(string name, CancellationToken cancellationToken)
    {
        var process = _process ?? throw new InvalidOperationException("The server does not run.");
        return WaitUntilGoneAsync(process, name, cancellationToken);
    }

    /// <summary>The folder goes too, so the server need not be asked politely.</summary>
    public async ValueTask DisposeAsync()
    {
        await CrashAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    // In memory where there is room: a server waits for the disk at each message that it archives, and how long that takes on a
    // machine with other things to write is not what is tested.
    private static string Parent()
    {
        const string Memory = "/dev/shm";
        return Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > 1L << 30 ? Memory : Path.GetTempPath();
    }

    private protected abstract ServerProcess Launch();

    private protected abstract Task WaitUntilReadyAsync(ServerProcess process, CancellationToken cancellationToken);

    private protected abstract Task AddUserAsync(ServerProcess process, string name, string password, CancellationToken cancellationToken);

    private protected abstract Task WaitUntilGoneAsync(ServerProcess process, string name, CancellationToken cancellationToken);

    // Both servers say they are ready, but only an answer on the port proves that it is theirs and that it serves.
    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        await using var stream = await RawStream.ConnectAsync(this, Port, cancellationToken);
        var features = await stream.OpenAsync(cancellationToken);
        var wanted = Settings.OfferTls ? "<starttls" : "<mechanism>";
        if (!features.Contains(wanted, StringComparison.Ordinal))
            throw new InvalidOperationException($"{Kind} greets without {wanted}>: {features}\n{Log}");
    }
}
