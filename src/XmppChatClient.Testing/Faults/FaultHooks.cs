using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Faults;

/// <summary>The places at which the server can be made to misbehave; as it stands, it behaves. Elements come under the
/// server's gate; bytes do not.</summary>
internal class FaultHooks
{
    /// <summary>The bytes of a new connection, below TLS: to drop, delay, throttle, split or corrupt them. A read into an empty
    /// buffer is to end when there is something to read. The server cuts a connection by disposing of what is wrapped.</summary>
    public virtual Stream Wrap(ServerConnection connection, Stream wire) => wire;

    /// <summary>An element has come. Not to hand it on is to lose it; <see cref="ServerConnection.Handle"/> may also be
    /// called later, under the gate.</summary>
    public virtual StreamStep Receive(ServerConnection connection, XmppElement element) => connection.Handle(element);

    /// <summary>An element is to go: hand it to <see cref="ServerConnection.Enqueue"/> once, twice, later, changed, or
    /// never.</summary>
    public virtual void Send(ServerConnection connection, IXmlWritable element) => connection.Enqueue(element);

    /// <summary>The stream's features, before they are sent.</summary>
    public virtual XmppElement Features(ServerConnection connection, XmppElement features) => features;

    /// <summary>The server's first message of SCRAM.</summary>
    public virtual string ScramFirst(ServerConnection connection, string message) => message;

    /// <summary>The server's final message of SCRAM, the one with its signature.</summary>
    public virtual string ScramFinal(ServerConnection connection, string message) => message;

    /// <summary>The certificate, with its key, to present to a client.</summary>
    public virtual X509Certificate2 Certificate(ServerConnection connection, X509Certificate2 certificate) => certificate;
}
