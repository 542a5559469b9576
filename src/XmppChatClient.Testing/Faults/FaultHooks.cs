using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Faults;

/// <summary>The places at which the server can be made to misbehave, and the faults that do so now; without any it behaves.
/// Elements come under the server's gate; bytes do not.</summary>
internal sealed class FaultHooks
{
    private readonly Lock _lock = new();
    private volatile Fault[] _faults = [];

    /// <summary>The faults there are, in the order in which they were made.</summary>
    public Fault[] Active => _faults;

    public void Add(Fault fault)
    {
        lock (_lock)
        {
            _faults = [.. _faults, fault];
        }
    }

    public void Remove(Fault fault)
    {
        lock (_lock)
        {
            _faults = Array.FindAll(_faults, f => f != fault);
        }
    }

    /// <summary>The bytes of a new connection, below TLS. The server cuts a connection by disposing of what is wrapped.</summary>
    public Stream Wrap(ServerConnection connection, Stream wire) => new FaultStream(this, connection, wire);

    /// <summary>An element has come.</summary>
    public StreamStep Receive(ServerConnection connection, XmppElement element)
    {
        foreach (var fault in Concerning(connection))
        {
            fault.Received(connection, element);
        }

        return connection.Handle(element);
    }

    /// <summary>A stanza is to go to a session, before its modules see it: what is lost here was never sent.</summary>
    public void Send(ServerSession session, XmppElement stanza)
    {
        if (session.Connection is not { } connection || !IsDealtWith(connection, session, stanza, session.Deliver))
        {
            session.Deliver(stanza);
        }
    }

    /// <summary>An element is to go to a connection.</summary>
    public void Send(ServerConnection connection, IXmlWritable element)
    {
        if (_faults.Length == 0 || element is not XmppElement sent)
        {
            connection.Enqueue(element);
            return;
        }

        if (!IsDealtWith(connection, connection, sent, e => Enqueue(connection, e)))
        {
            Enqueue(connection, sent);
        }
    }

    /// <summary>The stream's features, before they are sent.</summary>
    public XmppElement Features(ServerConnection connection, XmppElement features) =>
        Concerning(connection).Aggregate(features, static (changed, fault) => fault.Features(changed));

    /// <summary>The mechanisms that the server says it has.</summary>
    public IEnumerable<string> Mechanisms(ServerConnection connection, IEnumerable<string> mechanisms) =>
        Concerning(connection).Aggregate(mechanisms, static (changed, fault) => fault.Mechanisms(changed));

    /// <summary>What proves that the server knows a token; null for nothing.</summary>
    public byte[]? HashedTokenFinal(ServerConnection connection, byte[] proof) =>
        Concerning(connection).Aggregate((byte[]?)proof, static (changed, fault) => fault.HashedTokenFinal(changed));

    /// <summary>The server's first message of SCRAM.</summary>
    public string ScramFirst(ServerConnection connection, string message) =>
        Concerning(connection).Aggregate(message, static (changed, fault) => fault.ScramFirst(changed));

    /// <summary>The server's final message of SCRAM, the one with its signature.</summary>
    public string ScramFinal(ServerConnection connection, string message) =>
        Concerning(connection).Aggregate(message, static (changed, fault) => fault.ScramFinal(changed));

    /// <summary>The certificate, with its key, to present to a client.</summary>
    public X509Certificate2 Certificate(ServerConnection connection, X509Certificate2 certificate) =>
        Concerning(connection).Aggregate(certificate, static (changed, fault) => fault.Certificate(changed));

    /// <summary>Whether to say that there is no session to resume. Of a client that is logged in.</summary>
    public bool RefusesResume(ServerConnection connection) => Concerning(connection).Any(static f => f.RefusesResume);

    private Fault[] Concerning(ServerConnection connection) =>
        _faults is { Length: > 0 } faults ? Array.FindAll(faults, f => f.Concerns(connection)) : [];

    private bool IsDealtWith(ServerConnection connection, object asker, XmppElement element, Action<XmppElement> send) =>
        Array.Exists(Concerning(connection), f => f.TrySend(asker, element, send));

    private void Enqueue(ServerConnection connection, XmppElement element)
    {
        connection.Enqueue(element);
        foreach (var fault in Concerning(connection))
        {
            fault.Sent(connection, element);
        }
    }
}
