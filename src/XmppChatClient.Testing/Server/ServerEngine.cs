using XmppChatClient.Streams;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Certificates;
using XmppChatClient.Testing.Components;
using XmppChatClient.Testing.Faults;
using XmppChatClient.Testing.Login;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Presences;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Server;

/// <summary>The server's parts, and the gate under which all of them work. Connections read side by side; each element is
/// then handled under the gate, so that what happens has one order.</summary>
internal sealed class ServerEngine : IAsyncDisposable
{
    // How long connections may take to say goodbye when the server stops.
    private static readonly TimeSpan StoppingTime = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ServerConnection, Task> _connections = [];
    private int _accepted;
    private bool _stopped;

    public ServerEngine(XmppTestServerOptions options)
    {
        Options = options;
        Domain = new Jid(null, options.Domain, null);
        Certificates = new ServerCertificates(Domain.Domain);
        Accounts = new AccountStore(Domain.Domain);
        Tokens = new FastTokenStore(this);
        Transcript = new Transcript(options.TranscriptLength, options.TimeProvider);
        Sessions = new SessionTable(this);
        Presences = new PresenceService(this);
        Router = new Router(this);
        Intake = new StanzaIntake(this);
        Modules = new ServerModules();
        Modules.Attach(this);
    }

    /// <summary>Held while anything but a connection's own bytes is touched. Never across an await.</summary>
    public Lock Gate { get; } = new();

    public XmppTestServerOptions Options { get; }

    public Jid Domain { get; }

    public TimeProvider Clock => Options.TimeProvider;

    public ServerCertificates Certificates { get; }

    public AccountStore Accounts { get; }

    /// <summary>The components that may connect (XEP-0114).</summary>
    public List<HostedComponent> Components { get; } = [];

    /// <summary>What stands in for passwords (XEP-0484).</summary>
    public FastTokenStore Tokens { get; }

    public SessionTable Sessions { get; }

    public PresenceService Presences { get; }

    /// <summary>Takes every stanza to where it is addressed.</summary>
    public Router Router { get; }

    /// <summary>Takes what bound sessions send.</summary>
    public StanzaIntake Intake { get; }

    public ServerModules Modules { get; }

    public FaultHooks Faults { get; } = new();

    public Transcript Transcript { get; }

    /// <summary>Open connections, in no order.</summary>
    public ServerConnection[] Connections
    {
        get
        {
            lock (Gate)
            {
                return [.. _connections.Keys];
            }
        }
    }

    /// <summary>Serves a new connection. When the server has stopped, that is cut.</summary>
    /// <param name="account">Who is logged in from the start; null for nobody.</param>
    public void Accept(Wire wire, ConnectionKind kind, ServerAccount? account = null)
    {
        lock (Gate)
        {
            if (_stopped)
            {
                wire.Stream.Dispose();
                return;
            }

            var connection = new ServerConnection(this, wire, kind, ++_accepted, account);
            Transcript.Note(connection, $"connected from {wire.Description}");
            _connections.Add(connection, connection.RunAsync());
        }
    }

    /// <summary>The client's end of a new connection in memory.</summary>
    public Stream Connect(ConnectionKind kind, ServerAccount? account = null, string description = "memory")
    {
        var (client, server) = MemoryWire.CreatePair();
        Accept(new Wire(server, server.CloseOutput, description), kind, account);
        return client;
    }

    /// <summary>Removes an account. Its sessions go on until they are ended.</summary>
    public void Remove(ServerAccount account)
    {
        Accounts.Remove(account);
        Tokens.Revoke(account.Jid);
        foreach (var module in Modules.All)
        {
            module.AccountRemoved(account);
        }
    }

    /// <summary>A connection is over.</summary>
    public void Forget(ServerConnection connection)
    {
        lock (Gate)
        {
            _connections.Remove(connection);
        }
    }

    /// <summary>Serves again after <see cref="StopAsync"/>.</summary>
    public void Start()
    {
        lock (Gate)
        {
            _stopped = false;
        }
    }

    /// <summary>Ends all connections, and all sessions, those without a connection too; takes no new ones.</summary>
    public async Task StopAsync()
    {
        Task[] running;
        ServerConnection[] connections;
        lock (Gate)
        {
            _stopped = true;
            (connections, running) = ([.. _connections.Keys], [.. _connections.Values]);
        }

        foreach (var connection in connections)
        {
            connection.Close(new StreamError(StreamErrorCondition.SystemShutdown));
        }

        var all = Task.WhenAll(running);
        try
        {
            await all.WaitAsync(StoppingTime).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            foreach (var connection in Connections)
            {
                connection.Abort();
            }

            await all.ConfigureAwait(false);
        }

        lock (Gate)
        {
            foreach (var session in Sessions.All)
            {
                session.End();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        Certificates.Dispose();
    }
}
