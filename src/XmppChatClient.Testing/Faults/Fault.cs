using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Faults;

/// <summary>One way to misbehave, until it is disposed. What it does not override it leaves as it is. Elements come under
/// the server's gate; bytes do not.</summary>
/// <param name="hooks">Where it is active.</param>
/// <param name="account">Whose connections are concerned; null for all but those of test users.</param>
internal abstract class Fault(FaultHooks hooks, Jid? account) : IDisposable
{
    public bool Concerns(ServerConnection connection) =>
        account is null ? !connection.IsTestUser : connection.Account?.Jid == account;

    /// <summary>Bytes are to go; <paramref name="next"/> lets them.</summary>
    public virtual ValueTask WriteAsync(
        FaultStream wire, ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, ValueTask> next) => next(bytes);

    /// <summary>An element has come, and is handled after this.</summary>
    public virtual void Received(ServerConnection connection, XmppElement element)
    {
    }

    /// <summary>An element is to go.</summary>
    /// <param name="asker">The session, or the connection that has none yet, that it is for.</param>
    /// <returns>Whether this has dealt with it: it then goes when and as this calls <paramref name="send"/>.</returns>
    public virtual bool TrySend(object asker, XmppElement element, Action<XmppElement> send) => false;

    /// <summary>An element is on its way.</summary>
    public virtual void Sent(ServerConnection connection, XmppElement element)
    {
    }

    public virtual XmppElement Features(XmppElement features) => features;

    /// <summary>The mechanisms that the server says it has.</summary>
    public virtual IEnumerable<string> Mechanisms(IEnumerable<string> mechanisms) => mechanisms;

    /// <summary>What proves that the server knows a token; null for nothing.</summary>
    public virtual byte[]? HashedTokenFinal(byte[]? proof) => proof;

    public virtual string ScramFirst(string message) => message;

    public virtual string ScramFinal(string message) => message;

    public virtual X509Certificate2 Certificate(X509Certificate2 certificate) => certificate;

    public virtual bool RefusesResume => false;

    /// <summary>Ends it.</summary>
    public virtual void Dispose() => hooks.Remove(this);
}
