using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using XmppChatClient.Modules;
using XmppChatClient.Session;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient;

/// <summary>An XMPP client: connects, logs in, sends, asks, hands out what comes, and comes back after trouble. All members
/// may be used from any thread; one reader at a time reads the events.</summary>
/// <example><code>
/// await using var client = new XmppClient("romeo@montague.example", password);
/// await client.ConnectAsync(cancellationToken);
/// await foreach (var message in client.ReadMessagesAsync(cancellationToken))
///     await client.ReplyAsync(message, $"You said: {message.Body}", cancellationToken);
/// </code></example>
public sealed partial class XmppClient : IAsyncDisposable, IDisposable
{
    private readonly XmppClientOptions _options;
    private readonly ModuleSet _modules = new();
    private readonly Inbox _inbox;
    private readonly XmppSession _session;
    private readonly Supervisor _supervisor;
    private readonly ILogger _logger;
    private readonly Deliveries _deliveries = new();

    /// <param name="jid">Our address, such as <c>romeo@montague.example</c>.</param>
    /// <param name="password">The account's password.</param>
    /// <exception cref="FormatException"><paramref name="jid"/> is no address.</exception>
    public XmppClient(string jid, string password)
        : this(new XmppClientOptions { Jid = Jid.Parse(jid), Password = password })
    {
    }

    /// <exception cref="ArgumentException">An option is missing or out of range; the message names it.</exception>
    public XmppClient(XmppClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _logger = options.LoggerFactory.CreateLogger("XmppChatClient.Client");
        var requests = new IqTracker();
        var outbox = new Outbox(options);
        _inbox = new Inbox(options.Limits.Inbox, () => requests.AnyWaits() || outbox.AnyWaits);
        outbox.Waiting = _inbox.Reconsider;
        _session = new XmppSession(options, _modules, _inbox, outbox, requests);
        _supervisor = new Supervisor(options, _modules, _inbox, _session);
        var builder = new ModuleBuilder(this, _modules);
        foreach (var module in options.Modules)
        {
            module.Register(builder);
        }
    }

    /// <summary>A component (XEP-0114 v1.6.1), which speaks for a whole domain.</summary>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names it.</exception>
    public XmppClient(XmppComponentOptions options)
        : this((options ?? throw new ArgumentNullException(nameof(options))).ToClientOptions())
    {
    }

    /// <summary>Whether this is a component, which has no account, no roster and no presence of its own, and sends from any
    /// address of its domain.</summary>
    public bool IsComponent => _options.IsComponent;

    /// <summary>The full address of the current or last session; before the first, what the options say. With a component its
    /// domain.</summary>
    public Jid Jid => _session.BoundJid ?? _options.Jid!;

    public SessionState State => _supervisor.Standing.State;

    /// <summary>What the server offered when the current or last session began (RFC 6120 §4.3.2);
    /// <see langword="null"/> before the first.</summary>
    public XmppElement? StreamFeatures => _session.Features;

    /// <summary>What the server said that it takes in the current or last session (XEP-0478); <see langword="null"/> when it did not
    /// say.</summary>
    public StreamLimits? StreamLimits => _session.Limits;

    /// <summary>Whether there is a connection, and what is sent over it cannot be read on the way.</summary>
    public bool IsEncrypted => _supervisor.IsEncrypted;

    /// <summary>When anything last came from the server, as a timestamp of <see cref="TimeProvider"/>.</summary>
    public long LastReceived => _session.LastReceived;

    /// <summary>When anything was last sent to the server, as a timestamp of <see cref="TimeProvider"/>.</summary>
    public long LastSent => _session.LastSent;

    /// <summary>How this client is doing now, for a health check and the like.</summary>
    public ClientStatus GetStatus()
    {
        var standing = _supervisor.Standing;
        return new ClientStatus
        {
            State = standing.State,
            Since = standing.Since,
            LastError = standing.LastError,
            Silence = _session.BoundJid is null ? null : TimeProvider.GetElapsedTime(LastReceived),
            Unacknowledged = _session.Unacknowledged,
            AnswerAwaited = _session.AnswerAwaited,
            Inbox = _inbox.Count,
            IsInboxFull = _session.WaitsForRoom,
        };
    }

    /// <summary>The clock this client goes by.</summary>
    public TimeProvider TimeProvider => _options.TimeProvider;

    /// <summary>Where this client logs.</summary>
    public ILoggerFactory LoggerFactory => _options.LoggerFactory;

    /// <summary>What the modules advertise (XEP-0030 features), sorted.</summary>
    public IReadOnlyCollection<string> Features => _modules.Features;

    /// <summary>The module of that type, or <see langword="null"/> when this client has none.</summary>
    public TModule? Find<TModule>()
        where TModule : class, IXmppModule =>
        _options.Modules.OfType<TModule>().FirstOrDefault();

    /// <summary>The module of that type.</summary>
    /// <exception cref="InvalidOperationException">This client has none.</exception>
    public TModule Get<TModule>()
        where TModule : class, IXmppModule =>
        Find<TModule>() ?? throw new InvalidOperationException(
            $"This client has no {typeof(TModule).Name}; add one to the options' Modules.");

    /// <summary>Connects and logs in, once. After that the client keeps itself connected until it is closed. Cancelling
    /// leaves it as it was before.</summary>
    /// <exception cref="XmppException">It failed; see <see cref="XmppException.IsTransient"/>. It may be called again, unless
    /// the client was closed meanwhile.</exception>
    /// <exception cref="InvalidOperationException">It is connected, or closed, already.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default) => _supervisor.ConnectAsync(cancellationToken);

    /// <summary>Connects and stays connected until closed: transient trouble, at the first attempt too, is retried as
    /// <see cref="XmppClientOptions.Reconnect"/> says. Cancelling closes the session in good order.</summary>
    /// <exception cref="XmppException">What cannot be mended by trying again. Whatever else a connector or a module's start
    /// throws comes out as it is; either way the events end with it too.</exception>
    public Task RunAsync(CancellationToken cancellationToken = default) => _supervisor.RunAsync(cancellationToken);

    /// <summary>Logs in with another password from the next login on: the account has a new one. Changes
    /// <see cref="XmppClientOptions.Password"/> of the options that this client was made of, and clears
    /// <see cref="XmppClientOptions.PasswordFile"/>, which a later process reads again.</summary>
    public void UsePassword(string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        _options.Password = password;
        _options.PasswordFile = null;
    }

    /// <summary>Has the server take the token no more that stands in for the password at the next logins (XEP-0484 v0.2.0 §3.6), and
    /// forgets it here and in the <see cref="XmppClientOptions.Store"/>: to log out for good, after <see cref="CloseAsync"/>. Logs in
    /// with it once more to say so, over a connection of its own; a session that there is goes on, and the next login is by password
    /// and may get another token (<see cref="LoginOptions.Fast"/>).</summary>
    /// <returns>Whether the server was told, or knew the token no more; <see langword="false"/> when there was none, or none that
    /// can be used over this transport: then it is forgotten here alone.</returns>
    /// <exception cref="XmppException">The server could not be told; the token is still here, and this may be called again.</exception>
    /// <exception cref="InvalidOperationException">There is a store, and it is not open: before the first attempt to connect.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public Task<bool> ForgetTokenAsync(CancellationToken cancellationToken = default) =>
        _supervisor.ForgetTokenAsync(cancellationToken);

    /// <summary>Ends the session in good order: says that we are gone, closes the stream, and waits for the server to do so
    /// for at most <see cref="TimeoutOptions.Close"/>. Then all events read end.</summary>
    public Task CloseAsync(CancellationToken cancellationToken = default) => _supervisor.CloseAsync(cancellationToken);

    /// <summary>Cuts the connection without closing the stream, as when it is found dead. The client then does what it does
    /// when a connection is lost.</summary>
    /// <param name="reason">What to report as the reason.</param>
    public ValueTask AbortAsync(XmppException reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return _supervisor.AbortAsync(reason);
    }

    /// <summary>Queues a stanza for the wire, with an id of its own if it has none. Presence passes by the modules first.
    /// While a connection is lost whose session may be resumed, it is kept for the next one; with a
    /// <see cref="XmppClientOptions.Store"/> a message is kept in it when this returns, whether there is a session or not. Waits
    /// when more is unacknowledged than <see cref="StreamManagementOptions.Queue"/> allows; cancelling gives up waiting only.
    /// </summary>
    /// <returns>Tells what becomes of it.</returns>
    /// <exception cref="XmppConnectionException">There is no session; nothing was sent.</exception>
    /// <exception cref="XmppStoreException">It cannot be kept; the client ends.</exception>
    /// <exception cref="XmppStanzaTooLargeException">The server takes none of that size (XEP-0478); nothing was sent.</exception>
    /// <exception cref="ArgumentException">It holds a character that XML cannot carry, or, with a component, is to nobody or from
    /// another domain; nothing was sent.</exception>
    public ValueTask<SendReceipt> SendAsync(Stanza stanza, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stanza);
        var sent = stanza is Presence presence ? _modules.Outgoing(presence) : stanza;
        sent = sent.Id is null ? sent with { Id = _options.NewId() } : sent;
        return sent is Message { To: not null } message && _modules.AsksForReceipt(message)
            ? SendWithReceiptAsync(message, cancellationToken)
            : _session.SendAsync(sent, cancellationToken);
    }

    /// <summary>Says what became of a message that asked for a receipt (<see cref="ModuleBuilder.OnReceiptRequest"/>).</summary>
    /// <param name="from">Who says so. Nobody but whom the message went to, whatever their resource, can.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="error">Why it was not delivered; <see langword="null"/> when it was.</param>
    /// <returns><see langword="false"/> when nothing is known of such a message, or no longer.</returns>
    public bool SettleDelivery(Jid from, string id, XmppException? error = null)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(id);
        return _deliveries.TrySettle(from.Bare, id, error);
    }

    /// <summary>Hands out a message as if it had just come, but past the modules: for <see cref="ModuleBuilder.OnCatchUp"/>.
    /// Waits for room in the inbox.</summary>
    public ValueTask HandOutAsync(Message message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _session.HandOutAsync(message, cancellationToken);
    }

    /// <summary>What a module noted, in this process or, with a <see cref="XmppClientOptions.Store"/>, an earlier one;
    /// <see langword="null"/> for nothing. What an earlier process noted is there when the first session starts.</summary>
    public string? FindNote(string name) => _session.Notes.GetValueOrDefault(name);

    /// <summary>Notes something for later sessions and, with a <see cref="XmppClientOptions.Store"/>, later processes. What a
    /// message hook notes is kept together with the message.</summary>
    /// <param name="name">Unique among all modules: begin it with the module's name.</param>
    /// <param name="value"><see langword="null"/> forgets it.</param>
    public void SetNote(string name, string? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _session.Note(name, value);
    }

    /// <summary>Queues a stanza without waiting for room, for hooks of modules. When there is no session it is dropped, as
    /// the session's whole business is; when it cannot be sent, that is logged.</summary>
    public void Post(Stanza stanza)
    {
        ArgumentNullException.ThrowIfNull(stanza);
        _ = PostAsync(stanza);
    }

    /// <summary>Sends a chat message.</summary>
    public ValueTask<SendReceipt> SendAsync(Jid to, string body, CancellationToken cancellationToken = default) =>
        SendAsync(new Message { To = to, Type = MessageType.Chat, Body = body }, cancellationToken);

    /// <summary>Answers a message: to its sender, or to its room, in its thread and of its type.</summary>
    /// <exception cref="InvalidOperationException">It is an error, or has no sender: neither is ever answered, lest two
    /// programs talk to each other for ever.</exception>
    public ValueTask<SendReceipt> ReplyAsync(Message message, string body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        return SendAsync(message.ReplyWith(body) with { From = AnswersFrom(message) }, cancellationToken);
    }

    /// <summary>Which address answers something that came: with a component the one that it was sent to, for the answer's
    /// <see cref="Stanza.From"/>.</summary>
    /// <returns><see langword="null"/> with an account, where the server says who we are.</returns>
    public Jid? AnswersFrom(Stanza received)
    {
        ArgumentNullException.ThrowIfNull(received);
        return IsComponent ? received.To : null;
    }

    /// <summary>Asks, and waits for the answer: a result.</summary>
    /// <param name="request">A get or set. Its id is made anew if it has none.</param>
    /// <param name="timeout">More than zero. Default <see cref="TimeoutOptions.Request"/>.</param>
    /// <exception cref="XmppStanzaException">The answer is an error.</exception>
    /// <exception cref="XmppTimeoutException">No answer came in time.</exception>
    /// <exception cref="XmppSessionLostException">The session ended first.</exception>
    /// <exception cref="XmppConnectionException">There is no session; nothing was asked.</exception>
    public async Task<Iq> RequestAsync(Iq request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.IsRequest)
        {
            throw new ArgumentException("Only a get or a set has an answer.", nameof(request));
        }

        if (timeout is { } limit && limit != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
        }

        return await _session.RequestAsync(
            request.Id is null ? request with { Id = _options.NewId() } : request,
            timeout ?? _options.Timeouts.Request,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Everything that happens, in order: sessions that start and end, messages, presence. Ends when the client is
    /// closed. What nobody reads fills the inbox, and then holds up the connection.</summary>
    /// <exception cref="XmppException">The session ended for good.</exception>
    public async IAsyncEnumerable<XmppEvent> ReadEventsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _inbox.ArrivalAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_inbox.TryRead(out var next))
            {
                yield return next;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>The messages among <see cref="ReadEventsAsync"/>, without errors; other events are dropped. A message counts
    /// as handled when the next one is asked for (<see cref="XmppEvent.MarkHandledAsync"/>).</summary>
    /// <exception cref="XmppException">The session ended for good.</exception>
    public async IAsyncEnumerable<Message> ReadMessagesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _inbox.ArrivalAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_inbox.TryRead(out var next))
            {
                if (next is MessageReceived { Message: { Type: not MessageType.Error } message })
                {
                    yield return message;
                    cancellationToken.ThrowIfCancellationRequested();
                }

                await next.MarkHandledAsync().ConfigureAwait(false);
            }
        }
    }

    // Before it is sent: a receipt may be back before the sending has ended.
    private async ValueTask<SendReceipt> SendWithReceiptAsync(Message message, CancellationToken cancellationToken)
    {
        var delivery = _deliveries.Expect(message.To!.Bare, message.Id!, out var isNew);
        try
        {
            var receipt = await _session.SendAsync(message, cancellationToken).ConfigureAwait(false);
            return receipt.With(delivery);
        }
        catch when (isNew)
        {
            _deliveries.Forget(delivery);
            throw;
        }
    }

    private async Task PostAsync(Stanza stanza)
    {
        try
        {
            await SendAsync(stanza).ConfigureAwait(false);
        }
        catch (XmppException e) when (e is not XmppStanzaTooLargeException)
        {
            // The session is over; so is what this was part of.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogPostFailed(Telemetry.KindOf(stanza), e);
        }
    }

    /// <summary>Closes the session as <see cref="CloseAsync"/> does.</summary>
    public ValueTask DisposeAsync() => _supervisor.DisposeAsync();

    /// <summary>As <see cref="DisposeAsync"/>, and blocks until it is done. For containers that dispose in no other way.
    /// </summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    [LoggerMessage(EventId = 35, Level = LogLevel.Error, Message = "A posted {Kind} could not be sent")]
    private partial void LogPostFailed(string kind, Exception exception);
}
