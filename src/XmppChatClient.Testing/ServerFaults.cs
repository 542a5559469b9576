using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Certificates;
using XmppChatClient.Testing.Faults;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.StreamManagement;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing;

/// <summary>What a test server does wrong when it is told to. What returns nothing happens at once. What returns an
/// <see cref="IDisposable"/> is so from then on, until that is disposed or <see cref="Clear"/> called. Where an account can be
/// given, all clients are concerned without one, except test users. Times are by the server's
/// <see cref="XmppTestServerOptions.TimeProvider"/>.</summary>
public sealed class ServerFaults
{
    private readonly ServerEngine _server;

    internal ServerFaults(ServerEngine server) => _server = server;

    private FaultHooks Hooks => _server.Faults;

    /// <summary>Ends all faults there are. What was held back goes now.</summary>
    public void Clear()
    {
        foreach (var fault in Hooks.Active)
        {
            fault.Dispose();
        }
    }

    /// <summary>Ends connections now. What was sent last may or may not have arrived.</summary>
    /// <param name="closeStream">Whether to close the stream first, in good order: the session is then over on both sides, and
    /// all that was sent arrives.</param>
    public void DropConnections(TestAccount? account = null, bool closeStream = false) => ForEach(account, connection =>
    {
        if (closeStream)
        {
            connection.Close();
        }
        else
        {
            connection.Abort();
        }
    });

    /// <summary>Ends a connection, once, as soon as that many stanzas were sent to its client. They arrive, and nothing
    /// after them.</summary>
    /// <param name="count">From 1, from now on.</param>
    /// <param name="closeStream">Whether to close the stream first.</param>
    public IDisposable DropAfterStanzas(int count, TestAccount? account = null, bool closeStream = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Begin(new DropAfterStanzasFault(Hooks, account?.Jid, count, closeStream));
    }

    /// <summary>Ends a connection, once, as soon as that many bytes were sent to its client, those of TLS included. They
    /// arrive, and nothing after them.</summary>
    /// <param name="count">From 1, from now on.</param>
    /// <param name="closeStream">Whether to close the stream instead, after the stanza that these bytes are in.</param>
    public IDisposable DropAfterBytes(long count, TestAccount? account = null, bool closeStream = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Begin(new DropAfterBytesFault(Hooks, account?.Jid, count, closeStream));
    }

    /// <summary>Makes all that is sent to clients arrive later.</summary>
    /// <param name="by">Each write by itself. <see cref="Timeout.InfiniteTimeSpan"/> makes the server fall silent.</param>
    public IDisposable Delay(TimeSpan by, TestAccount? account = null)
    {
        if (by != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        }

        return Begin(new DelayFault(Hooks, account?.Jid, _server.Clock, by));
    }

    /// <summary>Makes all that is sent to clients arrive slowly.</summary>
    /// <param name="bytesPerSecond">From 1, those of TLS included, for each connection.</param>
    public IDisposable Throttle(int bytesPerSecond, TestAccount? account = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        return Begin(new ThrottleFault(Hooks, account?.Jid, _server.Clock, bytesPerSecond));
    }

    /// <summary>Sends in pieces. A client in memory reads them one by one; over TCP the system may put them together
    /// again.</summary>
    /// <param name="bytesPerWrite">From 1; default byte by byte.</param>
    public IDisposable SplitWrites(int bytesPerWrite = 1, TestAccount? account = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerWrite, 1);
        return Begin(new SplitFault(Hooks, account?.Jid, bytesPerWrite));
    }

    /// <summary>Turns all bits of one byte round, once, of what is sent to a client from now on. Below TLS: with it the
    /// connection fails, without it the XML is no UTF-8 any more.</summary>
    /// <param name="offset">How many bytes go before it.</param>
    public IDisposable CorruptByte(long offset = 0, TestAccount? account = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Begin(new CorruptFault(Hooks, account?.Jid, offset));
    }

    /// <summary>Spoils the answers to clients' requests, whoever answers: the server, an account or another client.</summary>
    /// <param name="payload">The name of what is asked, such as <c>{jabber:iq:roster}query</c>.</param>
    public IDisposable AnswerIq(XmlName payload, IqFault how, TestAccount? account = null)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ArgumentNullException.ThrowIfNull(how);
        return Begin(new IqAnswerFault(_server, account?.Jid, payload, how));
    }

    /// <summary>Ends streams with an error now.</summary>
    /// <param name="text">Default none.</param>
    public void SendStreamError(StreamErrorCondition condition, TestAccount? account = null, string? text = null) =>
        ForEach(account, connection => connection.Close(new StreamError(condition, text)));

    /// <summary>Forgets sessions and cuts their connections now, as a server that crashed: whoever tries to resume one finds
    /// that it is lost, with all that was not acknowledged.</summary>
    public void LoseSessions(TestAccount? account = null)
    {
        lock (_server.Gate)
        {
            foreach (var session in _server.Sessions.All)
            {
                if (account is null ? session.Connection?.IsTestUser != true : session.Account.Jid == account.Jid)
                {
                    _server.Modules.Get<StreamManagementModule>().Lose(session);
                }
            }
        }
    }

    /// <summary>Refuses to resume any session (XEP-0198 §5): clients have to begin a new one.</summary>
    public IDisposable RefuseResume(TestAccount? account = null) => Begin(new RefuseResumeFault(Hooks, account?.Jid));

    /// <summary>Shows clients another certificate than the server's own.</summary>
    public IDisposable PresentCertificate(BadCertificate certificate)
    {
        var domain = _server.Domain.Domain;
        var certificates = _server.Certificates;
        var now = TimeProvider.System.GetUtcNow();
        var shown = certificate switch
        {
            BadCertificate.Expired => certificates.Make(domain, now.AddDays(-1.5), now.AddDays(-1)),
            BadCertificate.WrongHost => certificates.Make("elsewhere.test", now.AddDays(-1), now.AddDays(30)),
            BadCertificate.SelfSigned => ServerCertificates.MakeSelfSigned(domain, now.AddDays(-1), now.AddDays(30)),
            _ => throw new ArgumentOutOfRangeException(nameof(certificate)),
        };
        return Present(shown);
    }

    /// <summary>Takes mechanisms out of the server's offer, as an attacker would.</summary>
    /// <param name="mechanisms">Which; without any, all.</param>
    public IDisposable StripMechanisms(params string[] mechanisms)
    {
        ArgumentNullException.ThrowIfNull(mechanisms);
        return Begin(new StripMechanismsFault(Hooks, mechanisms));
    }

    /// <summary>Takes SASL2 out of the server's offer, as an attacker would.</summary>
    public IDisposable StripSasl2() => Begin(new StripSasl2Fault(Hooks));

    /// <summary>Offers other mechanisms than the server can do. One that it cannot is refused with invalid-mechanism.</summary>
    /// <param name="mechanisms">The whole offer, best first.</param>
    public IDisposable OfferMechanisms(params string[] mechanisms)
    {
        ArgumentNullException.ThrowIfNull(mechanisms);
        return Begin(new MechanismsFault(Hooks, mechanisms));
    }

    /// <summary>Lies to clients that log in with SCRAM.</summary>
    public IDisposable LieInScram(ScramLie lie) => Begin(new ScramFault(Hooks, lie));

    /// <summary>Lies to clients that log in with a token (XEP-0484).</summary>
    public IDisposable LieInFast(FastLie lie) => Begin(new HashedTokenFault(Hooks, lie));

    /// <summary>Takes no token any more that was given so far (XEP-0484).</summary>
    public void RevokeTokens(TestAccount? account = null)
    {
        lock (_server.Gate)
        {
            _server.Tokens.Revoke(account?.Jid);
        }
    }

    private CertificateFault Present(X509Certificate2 certificate) => Begin(new CertificateFault(Hooks, certificate));

    private T Begin<T>(T fault)
        where T : Fault
    {
        Hooks.Add(fault);
        return fault;
    }

    private void ForEach(TestAccount? account, Action<ServerConnection> action)
    {
        lock (_server.Gate)
        {
            foreach (var connection in _server.Connections)
            {
                if (account is null ? !connection.IsTestUser : connection.Account?.Jid == account.Jid)
                {
                    action(connection);
                }
            }
        }
    }
}
