using System.Globalization;
using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Rooms;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.TestUsers;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing;

/// <summary>A user that does what a test says: sends, and hands out what came, in order, to whoever asks for that kind. Every
/// wait ends with <see cref="TestServerException"/> after <see cref="XmppTestServerOptions.WaitTimeout"/>, with the transcript
/// so far in its message. It answers nothing by itself.</summary>
public sealed class TestUser : IAsyncDisposable
{
    private const string BindNamespace = "urn:ietf:params:xml:ns:xmpp-bind";

    private static readonly XmlName Features = new(XmppNamespaces.Streams, "features");

    private readonly XmppTestServer _server;
    private readonly UserStream _stream;
    private readonly StanzaReader _reader = new();
    private int _ids;

    internal TestUser(XmppTestServer server, Stream stream)
    {
        _server = server;
        _stream = new UserStream(stream, server.Engine.Options.WaitClock);
        Jid = server.Domain;
    }

    /// <summary>The full address.</summary>
    public Jid Jid { get; private set; }

    /// <summary>What came and was not taken, in order.</summary>
    internal IReadOnlyList<XmppElement> Unread => _stream.Unread.All;

    private TimeSpan Timeout => _server.Engine.Options.WaitTimeout;

    /// <summary>Sends a chat message.</summary>
    public Task SendAsync(Jid to, string body, CancellationToken cancellationToken = default) =>
        SendAsync(new Message { To = to, Type = MessageType.Chat, Body = body }, cancellationToken);

    /// <summary>Sends a stanza as it is.</summary>
    public Task SendAsync(Stanza stanza, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stanza);
        return WriteAsync(stanza, cancellationToken);
    }

    /// <summary>Sends text as it is, whether it is XML or not. Inside a stream the default namespace is that of
    /// stanzas.</summary>
    public Task SendXmlAsync(string xml, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(xml);
        return WriteAsync(xml, cancellationToken);
    }

    /// <summary>Takes the next message, of any type.</summary>
    public async Task<Message> ReceiveAsync(CancellationToken cancellationToken = default) =>
        Read<Message>(await TakeAsync("message", e => e.Name == StanzaNames.Message, cancellationToken).ConfigureAwait(false));

    /// <summary>Takes the next presence, of any type. The user's own is none of them.</summary>
    public async Task<Presence> ReceivePresenceAsync(CancellationToken cancellationToken = default) =>
        Read<Presence>(await TakeAsync(
            "presence", e => e.Name == StanzaNames.Presence && e.Attribute("from") != Jid.ToString(), cancellationToken)
            .ConfigureAwait(false));

    /// <summary>Takes the next element, whatever it is.</summary>
    public Task<XmppElement> ReceiveXmlAsync(CancellationToken cancellationToken = default) =>
        TakeAsync("element", _ => true, cancellationToken);

    /// <summary>Asks, and waits for the answer: a result, or an error.</summary>
    /// <param name="request">A get or set. Its id is made if it has none.</param>
    public async Task<Iq> RequestAsync(Iq request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.IsRequest)
        {
            throw new ArgumentException("Only a get or a set has an answer.", nameof(request));
        }

        var asked = request.Id is null ? request with { Id = NextId() } : request;
        await SendAsync(asked, cancellationToken).ConfigureAwait(false);
        return Read<Iq>(await TakeAsync(
            $"answer to {asked.Id}",
            e => e.Name == StanzaNames.Iq && e.Attribute("id") == asked.Id && e.Attribute("type") is "result" or "error",
            cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Enters a room (XEP-0045 §7.2), and takes all that this brings, up to the subject.</summary>
    /// <param name="room">The room's address. It is made if there is none, and then nobody else may enter before its form is
    /// submitted: <see cref="XmppTestServer.AddRoom"/> makes one that is open.</param>
    /// <param name="nick">The name to have there.</param>
    /// <param name="password">What one must know, or null.</param>
    /// <exception cref="ArgumentException">No nickname.</exception>
    /// <exception cref="TestServerException">The room did not let the user in: <see cref="TestServerException.Error"/> says why.
    /// Or it did not send all that in time.</exception>
    public async Task<JoinedRoom> JoinAsync(
        Jid room, string nick, string? password = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(room);
        ArgumentException.ThrowIfNullOrEmpty(nick);
        var id = NextId();
        var arrival = new RoomArrival(room.Bare, id);
        await SendAsync(
            new Presence
            {
                Id = id,
                To = new Jid(room.Local, room.Domain, nick),
                Payloads = [new XmppElement(
                    new XmlName(RoomNames.Muc, "x"),
                    password is null ? [] : [new XmppElement(new XmlName(RoomNames.Muc, "password"), password)])],
            },
            cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var element = await TakeAsync($"entry to {room}", arrival.Concerns, cancellationToken).ConfigureAwait(false);
            arrival.Add(Read<Stanza>(element));
            if (arrival.Refusal is { } refusal)
            {
                throw Failure($"{room} did not let {Jid} in: {refusal}", refusal);
            }

            if (arrival.Result is { } joined)
            {
                return joined;
            }
        }
    }

    /// <summary>Closes the stream in good order: others have seen the user go when this ends.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.CloseAsync(Timeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Then it is cut.
        }

        await _stream.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Binds the resource and becomes available.</summary>
    internal async Task OpenAsync(string? resource, CancellationToken cancellationToken)
    {
        await SendXmlAsync(
            $"<stream:stream xmlns='{XmppNamespaces.Client}' xmlns:stream='{XmppNamespaces.Streams}'"
            + $" to='{_server.Domain}' version='1.0'>", cancellationToken).ConfigureAwait(false);
        await TakeAsync("stream features", e => e.Name == Features, cancellationToken).ConfigureAwait(false);
        var bind = new XmlName(BindNamespace, "bind");
        var bound = await RequestAsync(
            new Iq(IqType.Set, resource is null
                ? new XmppElement(bind)
                : new XmppElement(bind, new XmppElement(new XmlName(BindNamespace, "resource"), resource))),
            cancellationToken).ConfigureAwait(false);
        if (bound.Payload is not XmppElement answer
            || !Jid.TryParse(answer.Child(BindNamespace, "jid")?.Text, out var jid))
        {
            throw Failure($"The server bound no resource: {bound}");
        }

        Jid = jid;
        await SendAsync(new Presence(), cancellationToken).ConfigureAwait(false);
        await TakeAsync(
            "presence of its own", e => e.Name == StanzaNames.Presence && e.Attribute("from") == jid.ToString(),
            cancellationToken).ConfigureAwait(false);
    }

    private string NextId() => $"user-{Interlocked.Increment(ref _ids).ToString(CultureInfo.InvariantCulture)}";

    private TStanza Read<TStanza>(XmppElement element)
        where TStanza : Stanza
    {
        lock (_reader)
        {
            return _reader.Read(element, out var problem) as TStanza
                ?? throw Failure($"{Jid} got a malformed stanza ({problem}): {element}");
        }
    }

    private async Task WriteAsync(object item, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.SendAsync(item, Timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Failure($"The server did not read what {Jid} sent within {Timeout.TotalSeconds:0.#} s.");
        }
    }

    private async Task<XmppElement> TakeAsync(
        string what, Predicate<XmppElement> fits, CancellationToken cancellationToken)
    {
        try
        {
            return await _stream.Unread.TakeAsync(fits, Timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Failure($"{Jid} got no {what} within {Timeout.TotalSeconds:0.#} s.");
        }
        catch (TestServerException e)
        {
            throw Failure($"{Jid} got no {what}. {e.Message}");
        }
    }

    private TestServerException Failure(string what, StanzaError? error = null)
    {
        var unread = _stream.Unread.All;
        return new TestServerException(string.Join('\n', [
            what,
            $"Unread: {(unread.Length == 0 ? "nothing" : "")}",
            .. unread.Select(e => $"  {Session.Redaction.Redact(e)}"),
            _server.Transcript.Tail(),
        ]))
        {
            Error = error,
        };
    }
}
