using System.Security.Authentication;
using System.Security.Cryptography;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Components;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Streams;

/// <summary>One connection of a client: its bytes, its stream, and how far it has come. What it means once a resource is
/// bound is its <see cref="ServerSession"/>.</summary>
internal sealed class ServerConnection
{
    // How long a client may take to close its side after we closed ours. Of the machine's clock: nobody turns a test's clock
    // on for the sake of a connection that is over.
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(1);

    private readonly ServerEngine _server;
    private readonly ConnectionKind _kind;
    private readonly ConnectionBytes _bytes;
    private readonly IStreamDialogue _dialogue;
    private ITimer? _timer;
    private volatile bool _closing;
    private bool _cut;
    private volatile bool _securing;

    public ServerConnection(ServerEngine server, Wire wire, ConnectionKind kind, int number, ServerAccount? account)
    {
        _server = server;
        _kind = kind;
        Number = number;
        Account = account;
        _securing = kind == ConnectionKind.DirectTls;
        _bytes = new ConnectionBytes(wire, server.Faults.Wrap(this, wire.Stream), server.Options.Limits.OutboundStanzas);
        _dialogue = kind == ConnectionKind.Component
            ? new ComponentNegotiation(server, this) : new StreamNegotiation(server, this);
    }

    /// <summary>Which connection of the server this is, from 1.</summary>
    public int Number { get; }

    /// <summary>Whether a test user is at the other end, and no client.</summary>
    public bool IsTestUser => _kind == ConnectionKind.LoggedIn;

    public bool IsEncrypted => _kind == ConnectionKind.CarriedSecurely || _bytes.IsEncrypted;

    /// <summary>Whether STARTTLS has a place here.</summary>
    public bool CanStartTls => _kind == ConnectionKind.StartTls && !IsEncrypted;

    /// <summary>Who is logged in; null until then.</summary>
    public ServerAccount? Account { get; set; }

    /// <summary>Null until a resource is bound or a session resumed, and after the session has ended.</summary>
    public ServerSession? Session
    {
        get;
        set
        {
            field = value;
            if (value is not null)
            {
                StopTimer();
                StartIdle();
            }
        }
    }

    /// <summary>What <c>tls-server-end-point</c> binds to (RFC 5929 §4.1); empty without TLS.</summary>
    public byte[] ServerEndPoint => _bytes.ServerEndPoint;

    /// <summary>Whether this end has closed its stream, or cut the connection: nothing that comes now counts.</summary>
    public bool IsClosing => _closing;

    /// <summary>Reads until the connection is over. Never throws.</summary>
    public async Task RunAsync()
    {
        StartTimer(
            _server.Clock, _server.Options.Limits.Handshake, static state => ((ServerConnection)state!).HandshakeTimedOut());
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        // Whether a session of this connection is over with it, and not just without a connection.
        var inOrder = false;
        StreamError? error = null;
        try
        {
            if (_kind == ConnectionKind.DirectTls)
            {
                await SecureAsync().ConfigureAwait(false);
            }

            inOrder = await ReadAsync().ConfigureAwait(false) && !_cut;
        }
        catch (XmppProtocolException e)
        {
            inOrder = true;
            error = new StreamError(e.Condition, e.Message);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or AuthenticationException
            or CryptographicException or InvalidOperationException)
        {
            _server.Transcript.Note(this, $"connection lost: {e.Message}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Failed(e);
        }
        finally
        {
            await EndAsync(inOrder, error).ConfigureAwait(false);
        }
    }

    /// <summary>Takes an element of the stream. Under the gate.</summary>
    public StreamStep Handle(XmppElement element)
    {
        if (IsClosing)
        {
            return StreamStep.Continue;
        }

        if (element.Name is { Namespace: XmppNamespaces.Streams, LocalName: "error" })
        {
            // RFC 6120 §4.9.1.1: whoever sends one is done with the stream.
            Close();
            return StreamStep.Continue;
        }

        if (Session is not { } session)
        {
            return _dialogue.Handle(element);
        }

        _server.Intake.Receive(session, element);
        return StreamStep.Continue;
    }

    /// <summary>The peer has said who it is, without a session to follow. Under the gate.</summary>
    public void LoggedIn() => StopTimer();

    /// <summary>Queues an element, faults permitting.</summary>
    public void Send(IXmlWritable element) => _server.Faults.Send(this, element);

    /// <summary>Queues an element for the wire. A client that does not read what it is sent is cut off when the queue is
    /// full.</summary>
    public void Enqueue(IXmlWritable element)
    {
        _server.Transcript.Sent(this, element);
        Add(element);
    }

    /// <summary>Queues text as it is: what belongs to the stream itself.</summary>
    public void EnqueueText(string text)
    {
        _server.Transcript.Sent(this, text);
        Add(text);
    }

    /// <summary>Ends the session, sends the error, if any, closes the stream, and the connection after it.</summary>
    public void Close(StreamError? error = null)
    {
        lock (_server.Gate)
        {
            if (Session is { } session)
            {
                session.End(error);
                return;
            }

            if (_closing)
            {
                return;
            }

            if (_securing)
            {
                Abort();
                return;
            }

            // RFC 6120 §4.9.1.2: an error during the set-up comes after our opening tag.
            _dialogue.EnsureOpened();
            if (error is not null)
            {
                EnqueueText(StreamText.Of(XmppElement.From(error)));
            }

            EnqueueText(StreamText.End);
            _closing = true;
            _dialogue.Ended();
            StartTimer(TimeProvider.System, ClosingTime, static state => ((ServerConnection)state!).Abort());
        }

        _ = _bytes.CloseOutputAsync();
    }

    /// <summary>Cuts the connection without closing the stream, once all is written that was sent.</summary>
    public void Cut()
    {
        lock (_server.Gate)
        {
            if (_closing)
            {
                return;
            }

            _closing = _cut = true;
            StartTimer(TimeProvider.System, ClosingTime, static state => ((ServerConnection)state!).Abort());
        }

        _ = _bytes.CloseOutputAsync(sayGoodbye: false);
    }

    /// <summary>Cuts the connection at once, without closing the stream.</summary>
    public void Abort()
    {
        _closing = true;
        _bytes.Abort();
    }

    private void Add(object item)
    {
        if (!_bytes.TryAdd(item))
        {
            _server.Transcript.Note(this, "cut off: it does not read what it is sent");
            Abort();
        }
    }

    /// <returns>Whether the client closed its stream.</returns>
    private async Task<bool> ReadAsync()
    {
        var input = _bytes.Input();
        var reader = new XmlStreamReader(_server.Options.Limits.ToXmlLimits());
        while (true)
        {
            var result = await input.ReadAsync().ConfigureAwait(false);
            var buffer = result.Buffer;
            var step = StreamStep.Continue;
            while (step != StreamStep.StartTls && reader.TryRead(ref buffer) is var item and not XmlStreamItem.NeedMoreData)
            {
                if (item == XmlStreamItem.StreamEnd)
                {
                    _server.Transcript.Received(this, StreamText.End);
                    return true;
                }

                step = Take(item, reader.Element!);
                reader = step == StreamStep.Continue ? reader : new XmlStreamReader(_server.Options.Limits.ToXmlLimits());
            }

            if (step == StreamStep.StartTls)
            {
                // RFC 6120 §5.4.3.3: what was sent in the clear behind <starttls/> must not be taken for what comes under TLS.
                if (!buffer.IsEmpty)
                {
                    throw new XmppProtocolException(
                        StreamErrorCondition.PolicyViolation, "Something was sent between <starttls/> and the TLS handshake.");
                }

                input.AdvanceTo(buffer.Start);
                await input.CompleteAsync().ConfigureAwait(false);
                await SecureAsync().ConfigureAwait(false);
                input = _bytes.Input();
                continue;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return false;
            }
        }
    }

    private StreamStep Take(XmlStreamItem item, XmppElement element)
    {
        lock (_server.Gate)
        {
            if (item == XmlStreamItem.StreamStart)
            {
                _server.Transcript.ReceivedStart(this, element);
                _dialogue.Open(element);
                return StreamStep.Continue;
            }

            _server.Transcript.Received(this, element);
            StartIdle();
            try
            {
                return _server.Faults.Receive(this, element);
            }
            catch (Exception e) when (e is not (XmppProtocolException or OutOfMemoryException))
            {
                Failed(e);
                return StreamStep.Continue;
            }
        }
    }

    // A fault of the server's own must not end the process of whoever tests with it.
    private void Failed(Exception e)
    {
        _server.Transcript.Note(this, $"the server failed: {e}");
        Close(new StreamError(StreamErrorCondition.InternalServerError));
    }

    private async Task SecureAsync()
    {
        _securing = true;
        var certificate = _server.Faults.Certificate(this, _server.Certificates.Server);
        await _bytes.SecureAsync(_server.Certificates, certificate, _kind).ConfigureAwait(false);
        _securing = false;
    }

    private async Task EndAsync(bool inOrder, StreamError? error)
    {
        if (inOrder)
        {
            Close(error);
        }
        else
        {
            lock (_server.Gate)
            {
                if (Session is { } session)
                {
                    _server.Sessions.ConnectionLost(session);
                }

                _dialogue.Ended();
            }
        }

        if (IsClosing)
        {
            await _bytes.DiscardAsync().ConfigureAwait(false);
        }

        StopTimer();
        await _bytes.EndAsync().ConfigureAwait(false);
        _server.Forget(this);
    }

    private void HandshakeTimedOut()
    {
        _server.Transcript.Note(this, "did not log in in time");
        Close(new StreamError(StreamErrorCondition.ConnectionTimeout, "No login came in time."));
    }

    private void StartIdle()
    {
        if (Session is not null && !IsTestUser && !_closing && _server.Options.Limits.Idle is { } idle)
        {
            StartTimer(_server.Clock, idle, static state => ((ServerConnection)state!).Idled());
        }
    }

    private void Idled()
    {
        _server.Transcript.Note(this, "sent nothing for too long");
        Close(new StreamError(StreamErrorCondition.ConnectionTimeout, "Nothing came for too long."));
    }

    // One timer at a time: for the handshake first, then for silence, for the closing at the end.
    private void StartTimer(TimeProvider clock, TimeSpan due, TimerCallback callback)
    {
        StopTimer();
        _timer = clock.CreateTimer(callback, this, due, Timeout.InfiniteTimeSpan);
    }

    private void StopTimer()
    {
        _timer?.Dispose();
        _timer = null;
    }
}
