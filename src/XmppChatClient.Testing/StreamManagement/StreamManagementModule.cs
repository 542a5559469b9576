using System.Globalization;
using System.Security.Cryptography;
using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;
using static XmppChatClient.Testing.StreamManagement.StreamManagementElements;

namespace XmppChatClient.Testing.StreamManagement;

/// <summary>Stream management (XEP-0198 v1.6.3): acknowledges both ways, and keeps sessions whose connection is lost for their
/// clients to resume. The last of all modules: what it counts is what goes.</summary>
internal sealed class StreamManagementModule : ServerModule
{
    private readonly Dictionary<ServerSession, ManagedStream> _streams = [];
    private readonly Dictionary<string, ManagedStream> _resumable = new(StringComparer.Ordinal);
    private readonly ExpiredStreams _expired = new();

    /// <summary>Ends a session as if the server had forgotten it: its connection is cut, what its client never got is lost, and
    /// nobody can resume it.</summary>
    public void Lose(ServerSession session)
    {
        if (_streams.Remove(session, out var stream))
        {
            Forget(stream);
        }

        var connection = session.Connection;
        session.Detach();
        connection?.Abort();
        session.End();
    }

    /// <summary>A client would like to go on with a session.</summary>
    /// <param name="resumed">What to go on with (<see cref="Continue"/>) when it has the answer; null when it cannot.</param>
    /// <returns>The answer; null when its stream is closed instead.</returns>
    public XmppElement? Resume(ServerConnection connection, XmppElement resume, out ManagedStream? resumed)
    {
        resumed = null;
        if (connection.Account is not { } account)
        {
            return Failed(StanzaErrorCondition.NotAuthorized);
        }

        if (connection.Session is not null)
        {
            return Failed(StanzaErrorCondition.UnexpectedRequest);
        }

        if (resume.Attribute("previd") is not { } id || !TryCount(resume, out var handled))
        {
            return Failed(StanzaErrorCondition.BadRequest);
        }

        if (Server.Faults.RefusesResume(connection))
        {
            return Failed(StanzaErrorCondition.ItemNotFound);
        }

        if (!_resumable.TryGetValue(id, out var stream) || stream.Session.Account != account || stream.IsOverfull)
        {
            return Failed(StanzaErrorCondition.ItemNotFound, _expired.Take(account, id));
        }

        if (Problem(stream, handled) is { } problem)
        {
            stream.Session.End();
            connection.Close(problem);
            return null;
        }

        resumed = stream;
        return Resumed(id, stream.Ledger.Handled);
    }

    /// <summary>Goes on with a session over another connection, whose client was told so.</summary>
    public static void Continue(ServerConnection connection, ManagedStream stream)
    {
        stream.EndWait();
        stream.Session.Attach(connection);
        foreach (var stanza in stream.Ledger.Unacknowledged)
        {
            connection.Send(Undelivered.Delayed(stream.Session, stanza));
        }

        Ask(stream);
    }

    public override void AccountRemoved(ServerAccount account) => _expired.Remove(account);

    public override XmppElement? FeatureAfterLogin(ServerConnection connection) =>
        Server.Options.StreamManagement.Offer ? Feature : null;

    public override void StanzaReceived(ServerSession session, XmppElement stanza)
    {
        if (_streams.TryGetValue(session, out var stream))
        {
            stream.Ledger.Receive();
        }
    }

    public override XmppElement? StanzaSending(ServerSession session, XmppElement stanza)
    {
        if (!_streams.TryGetValue(session, out var stream) || stream.Ledger.TrySend(stanza, Server.Clock.GetUtcNow()))
        {
            return stanza;
        }

        if (!stream.IsOverfull)
        {
            // Not at once: whoever sends may be in the middle of the account's sessions.
            stream.IsOverfull = true;
            ThreadPool.UnsafeQueueUserWorkItem(EndOverfull, stream, preferLocal: false);
        }

        return null;
    }

    public override void StanzaSent(ServerSession session)
    {
        if (_streams.TryGetValue(session, out var stream) && stream.Requested is null)
        {
            Ask(stream);
        }
    }

    public override void StreamClosing(ServerSession session)
    {
        if (_streams.TryGetValue(session, out var stream))
        {
            // XEP-0198 §4 wants it of clients; Prosody does it too.
            session.Connection?.Send(Answer(stream.Ledger.Handled));
        }
    }

    public override bool ConnectionLost(ServerSession session)
    {
        if (!_streams.TryGetValue(session, out var stream) || stream.Id is null || stream.IsOverfull)
        {
            return false;
        }

        stream.Wait(Server.Clock, Expired);
        return true;
    }

    public override void SessionEnded(ServerSession session)
    {
        if (!_streams.Remove(session, out var stream))
        {
            return;
        }

        Forget(stream);
        foreach (var stanza in stream.Ledger.Unacknowledged)
        {
            Undelivered.Return(Server, session, stanza);
        }
    }

    protected override void SetUp(ModuleSetup setup)
    {
        if (Server.Options.StreamManagement.Offer)
        {
            setup.OnBind(Named("enable"), Enable);
            setup.OnNonza(Named("enable"), Enable);
            setup.OnNonza(Named("resume"), Resume);
            setup.OnNonza(Named("r"), Requested);
            setup.OnNonza(Named("a"), Acknowledged);
        }
    }

    private static bool TryCount(XmppElement element, out uint count) =>
        uint.TryParse(element.Attribute("h"), NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static void Ask(ManagedStream stream)
    {
        if (stream.Session.Connection is { IsClosing: false } connection)
        {
            stream.Requested = stream.Ledger.Sent;
            connection.Send(Request);
        }
    }

    private static void Fail(ServerConnection connection, StanzaErrorCondition condition) => connection.Send(Failed(condition));

    private static StreamError? Problem(ManagedStream stream, uint handled) => stream.Ledger.Acknowledge(handled) switch
    {
        Acknowledgement.TooHigh => TooHigh(handled, stream.Ledger.Sent),
        Acknowledgement.TooLow => TooLow(handled),
        _ => null,
    };

    private void Enable(ServerConnection connection, XmppElement enable)
    {
        if (connection.Account is null)
        {
            Fail(connection, StanzaErrorCondition.NotAuthorized);
            return;
        }

        if (connection.Session is not { } session || _streams.ContainsKey(session))
        {
            Fail(connection, StanzaErrorCondition.UnexpectedRequest);
            return;
        }

        connection.Send(Enable(session, enable));
    }

    private XmppElement Enable(ServerSession session, XmppElement enable)
    {
        var time = ResumptionTime(enable);
        var id = time > TimeSpan.Zero ? RandomNumberGenerator.GetHexString(24, lowercase: true) : null;
        var stream = new ManagedStream(session, new AckLedger(Server.Options.Limits.UnacknowledgedStanzas), id, time);
        _streams.Add(session, stream);
        if (id is not null)
        {
            _resumable.Add(id, stream);
        }

        return Enabled(id, time, Server.Options.StreamManagement.Location);
    }

    private TimeSpan ResumptionTime(XmppElement enable)
    {
        if (enable.Attribute("resume") is not ("true" or "1"))
        {
            return TimeSpan.Zero;
        }

        var ours = TimeSpan.FromSeconds(Math.Ceiling(Server.Options.StreamManagement.ResumptionTimeout.TotalSeconds));
        return uint.TryParse(enable.Attribute("max"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds > 0 && TimeSpan.FromSeconds(seconds) is var theirs && theirs < ours ? theirs : ours;
    }

    private void Resume(ServerConnection connection, XmppElement resume)
    {
        if (Resume(connection, resume, out var resumed) is not { } answer)
        {
            return;
        }

        connection.Send(answer);
        if (resumed is not null)
        {
            Continue(connection, resumed);
        }
    }

    private void Requested(ServerConnection connection, XmppElement request) =>
        connection.Send(Answer(StreamOf(connection, request).Ledger.Handled));

    private void Acknowledged(ServerConnection connection, XmppElement answer)
    {
        var stream = StreamOf(connection, answer);
        if (!TryCount(answer, out var handled))
        {
            throw new XmppProtocolException(StreamErrorCondition.InvalidXml, "Missing or invalid 'h' attribute");
        }

        if (Problem(stream, handled) is { } problem)
        {
            connection.Close(problem);
            return;
        }

        // Asked again only for what came since: a client that counts wrong would be asked for ever.
        var asked = stream.Requested;
        stream.Requested = null;
        if (stream.Ledger.Unacknowledged.Count > 0 && asked is not null && asked != stream.Ledger.Sent)
        {
            Ask(stream);
        }
    }

    // As in Prosody; ejabberd answers a client that enabled nothing with <failed/>.
    private ManagedStream StreamOf(ServerConnection connection, XmppElement element) =>
        connection.Session is { } session && _streams.TryGetValue(session, out var stream)
            ? stream : throw StanzaIntake.NotAStanza(element);

    private void Expired(ManagedStream stream, int wait)
    {
        lock (Server.Gate)
        {
            if (stream.IsWaiting(wait))
            {
                if (stream.Session.Account.Password is not null)
                {
                    _expired.Add(stream.Session.Account, stream.Id!, stream.Ledger.Handled);
                }

                stream.Session.End();
            }
        }
    }

    private void EndOverfull(ManagedStream stream)
    {
        lock (Server.Gate)
        {
            stream.Session.End(new StreamError(StreamErrorCondition.PolicyViolation, "Too many unacknowledged stanzas"));
        }
    }

    private void Forget(ManagedStream stream)
    {
        stream.EndWait();
        if (stream.Id is not null)
        {
            _resumable.Remove(stream.Id);
        }
    }
}
