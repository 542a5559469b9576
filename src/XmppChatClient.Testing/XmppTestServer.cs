using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Testing.Components;
using XmppChatClient.Testing.Login;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Presences;
using XmppChatClient.Testing.Rooms;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing;

/// <summary>An XMPP server inside the process, for tests: in memory unless it is told to listen, with a certificate that it
/// makes itself. It refuses what Prosody and ejabberd refuse, with the same conditions. All members may be used from any
/// thread.</summary>
/// <example><code>
/// await using var server = await XmppTestServer.StartAsync();
/// builder.Services.AddXmppClient(o => o.UseTestServer(server, server.AddAccount("bot")));
///
/// await using var juliet = await server.LoginAsync("juliet");
/// await juliet.SendAsync(bot.Jid, "hello");
/// var answer = await juliet.ReceiveAsync();
/// </code></example>
public sealed class XmppTestServer : IAsyncDisposable
{
    private TcpAcceptor? _listener;
    private TcpAcceptor? _directTlsListener;
    private TcpAcceptor? _componentListener;

    private XmppTestServer(XmppTestServerOptions options)
    {
        Engine = new ServerEngine(options);
        Faults = new ServerFaults(Engine);
        Listen(options.Listen, options.ListenDirectTls, options.ListenComponents);
    }

    /// <summary>The served domain.</summary>
    public Jid Domain => Engine.Domain;

    /// <summary>Where its rooms are: <c>conference.</c> before the domain.</summary>
    public Jid Rooms => Engine.Modules.Get<RoomsModule>().Domain;

    /// <summary>Where it listens with STARTTLS, its port known; null when it does not.</summary>
    public IPEndPoint? EndPoint => _listener?.EndPoint;

    /// <summary>Where it listens with TLS from the first byte; null when it does not.</summary>
    public IPEndPoint? DirectTlsEndPoint => _directTlsListener?.EndPoint;

    /// <summary>Where it listens for components, its port known; null when it does not.</summary>
    public IPEndPoint? ComponentEndPoint => _componentListener?.EndPoint;

    /// <summary>The root that signed the server's certificate, made for this server alone: what a client must trust.</summary>
    public X509Certificate2 TrustedRoot => Engine.Certificates.Root;

    /// <summary>What went over the wire, credentials redacted.</summary>
    public Transcript Transcript => Engine.Transcript;

    /// <summary>What it is to do wrong.</summary>
    public ServerFaults Faults { get; }

    internal ServerEngine Engine { get; }

    /// <summary>Starts a server of the domain <c>localhost</c> in memory.</summary>
    public static Task<XmppTestServer> StartAsync(CancellationToken cancellationToken = default) =>
        StartAsync(new XmppTestServerOptions(), cancellationToken);

    /// <exception cref="TestServerException">It cannot listen where it should.</exception>
    /// <exception cref="ArgumentException">The domain is none, or a mechanism is not known.</exception>
    public static Task<XmppTestServer> StartAsync(
        XmppTestServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Mechanisms.FirstOrDefault(m => !SaslMechanisms.IsKnown(m)) is { } unknown)
        {
            throw new ArgumentException($"The test server knows no mechanism {unknown}.", nameof(options));
        }

        // Off the caller's thread: making keys takes some milliseconds.
        return Task.Run(() => new XmppTestServer(options), cancellationToken);
    }

    /// <summary>Makes an account.</summary>
    /// <param name="name">The part of its address before the <c>@</c>.</param>
    /// <param name="password">Default one made up.</param>
    /// <exception cref="ArgumentException">It is no name of an account, or the password is empty.</exception>
    /// <exception cref="InvalidOperationException">There is such an account already.</exception>
    public TestAccount AddAccount(string name, string? password = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (password is not null)
        {
            ArgumentException.ThrowIfNullOrEmpty(password);
        }

        password ??= RandomNumberGenerator.GetHexString(24, lowercase: true);
        lock (Engine.Gate)
        {
            var account = Engine.Accounts.Add(name, password)
                ?? throw new InvalidOperationException($"The test server has an account {name} already.");
            return new TestAccount(account.Jid, password);
        }
    }

    /// <summary>Expects a component (XEP-0114): takes what is sent to its domain to it while it is connected.</summary>
    /// <param name="domain">The domain that it speaks for, such as <c>quiz.localhost</c>.</param>
    /// <param name="secret">Default one made up.</param>
    /// <exception cref="ArgumentException">It is no domain, or the secret is empty.</exception>
    /// <exception cref="InvalidOperationException">Somebody has that domain already.</exception>
    public TestComponent AddComponent(string domain, string? secret = null)
    {
        var address = new Jid(null, domain, null);
        if (secret is not null)
        {
            ArgumentException.ThrowIfNullOrEmpty(secret);
        }

        secret ??= RandomNumberGenerator.GetHexString(24, lowercase: true);
        var component = new HostedComponent(Engine, address, secret);
        lock (Engine.Gate)
        {
            if (address == Domain
                || !Engine.Modules.Hosts.TryAdd(address.Domain, new HostedDomain(address, "Component", component.Take)))
            {
                throw new InvalidOperationException($"The test server serves {address} already.");
            }

            Engine.Components.Add(component);
        }

        return new TestComponent(address, secret);
    }

    /// <summary>Makes a room.</summary>
    /// <param name="name">The part of its address before the <c>@</c>.</param>
    /// <param name="options">Default an open one without an owner.</param>
    /// <returns>The room's address.</returns>
    /// <exception cref="ArgumentException">It is no name of a room.</exception>
    /// <exception cref="InvalidOperationException">There is such a room already.</exception>
    public Jid AddRoom(string name, TestRoomOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (Engine.Gate)
        {
            var rooms = Engine.Modules.Get<RoomsModule>();
            return rooms.Add(new Jid(name, rooms.Domain.Domain, null), options ?? new TestRoomOptions())?.Jid
                ?? throw new InvalidOperationException($"The test server has a room {name} already.");
        }
    }

    /// <summary>Logs a scripted user in, in memory, and makes it available. The account is made if there is none.</summary>
    /// <param name="name">The part of its address before the <c>@</c>, with a resource or without: <c>juliet/balcony</c>.</param>
    /// <exception cref="TestServerException">It took longer than <see cref="XmppTestServerOptions.WaitTimeout"/>.</exception>
    public async Task<TestUser> LoginAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var parts = name.Split('/', 2);
        Stream stream;
        lock (Engine.Gate)
        {
            var account = Engine.Accounts.Find(parts[0])
                ?? Engine.Accounts.Add(parts[0], RandomNumberGenerator.GetHexString(24, lowercase: true))!;
            stream = Engine.Connect(ConnectionKind.LoggedIn, account);
        }

        var user = new TestUser(this, stream);
        try
        {
            await user.OpenAsync(parts is [_, var resource] ? resource : null, cancellationToken).ConfigureAwait(false);
            return user;
        }
        catch
        {
            await user.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Serves a client that comes another way than over TCP, for whoever brings it.</summary>
    /// <param name="description">Where the client is, for the transcript.</param>
    /// <param name="isEncrypted">Whether it came over TLS. STARTTLS is not offered in any case.</param>
    /// <returns>The client's end of a connection in memory, which takes and gives a stream as over TCP (RFC 6120). Disposing it
    /// cuts the connection.</returns>
    public Stream OpenConnection(string description, bool isEncrypted)
    {
        ArgumentException.ThrowIfNullOrEmpty(description);
        return Engine.Connect(
            isEncrypted ? ConnectionKind.CarriedSecurely : ConnectionKind.Carried, description: description);
    }

    /// <summary>A certificate with its key, signed by <see cref="TrustedRoot"/>, for another way to reach this server. It is the
    /// caller's to dispose of.</summary>
    /// <param name="host">The host that it is for.</param>
    public X509Certificate2 CreateCertificate(string host)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        var now = TimeProvider.System.GetUtcNow();
        return Engine.Certificates.Make(host, now.AddDays(-1), now.AddDays(30));
    }

    /// <summary>Waits until a client of the account is logged in and available: a bot that was just started, or one that comes
    /// back.</summary>
    /// <exception cref="TestServerException">It took longer than <see cref="XmppTestServerOptions.WaitTimeout"/>.</exception>
    public async Task WaitUntilAvailableAsync(TestAccount account, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        Task available;
        lock (Engine.Gate)
        {
            available = Engine.Accounts.Find(account.Jid) is { } found
                ? Engine.Modules.Get<AvailabilityWaits>().WaitAsync(found)
                : throw new ArgumentException($"The test server has no account {account}.", nameof(account));
        }

        await WaitAsync(available, $"{account} was not available", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until a component is connected: one that was just started, or one that comes back.</summary>
    /// <exception cref="TestServerException">It took longer than <see cref="XmppTestServerOptions.WaitTimeout"/>.</exception>
    public async Task WaitUntilConnectedAsync(TestComponent component, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(component);
        Task connected;
        lock (Engine.Gate)
        {
            connected = Engine.Components.Find(c => c.Domain == component.Domain)?.WaitAsync()
                ?? throw new ArgumentException($"The test server has no component {component}.", nameof(component));
        }

        await WaitAsync(connected, $"{component} was not connected", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends all streams with system-shutdown and forgets all sessions, those of test users too, then serves again,
    /// at the same addresses. Accounts and what belongs to them are as before, and so are the faults.</summary>
    /// <exception cref="TestServerException">It cannot listen again.</exception>
    public async Task RestartAsync()
    {
        var (address, directTls, components) = (EndPoint, DirectTlsEndPoint, ComponentEndPoint);
        await StopListeningAsync().ConfigureAwait(false);
        await Engine.StopAsync().ConfigureAwait(false);
        Engine.Start();
        Listen(address, directTls, components);
    }

    /// <summary>Ends all streams with system-shutdown, and the server.</summary>
    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        await StopListeningAsync().ConfigureAwait(false);
        await Engine.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WaitAsync(Task awaited, string problem, CancellationToken cancellationToken)
    {
        try
        {
            await awaited.WaitAsync(Engine.Options.WaitTimeout, Engine.Options.WaitClock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TestServerException(
                $"{problem} within {Engine.Options.WaitTimeout.TotalSeconds:0.#} s.\n{Transcript.Tail()}");
        }
    }

    private void Listen(IPEndPoint? address, IPEndPoint? directTls, IPEndPoint? components)
    {
        _listener = address is null ? null : new TcpAcceptor(Engine, address, ConnectionKind.StartTls);
        try
        {
            _directTlsListener = directTls is null ? null : new TcpAcceptor(Engine, directTls, ConnectionKind.DirectTls);
            _componentListener = components is null ? null : new TcpAcceptor(Engine, components, ConnectionKind.Component);
        }
        catch (TestServerException)
        {
            _listener?.Close();
            _directTlsListener?.Close();
            throw;
        }
    }

    private async ValueTask StopListeningAsync()
    {
        if (_listener is not null)
        {
            await _listener.DisposeAsync().ConfigureAwait(false);
        }

        if (_directTlsListener is not null)
        {
            await _directTlsListener.DisposeAsync().ConfigureAwait(false);
        }

        if (_componentListener is not null)
        {
            await _componentListener.DisposeAsync().ConfigureAwait(false);
        }
    }
}
