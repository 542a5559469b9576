using System.Threading.Channels;
using XmppChatClient.Sasl;
using XmppChatClient.Transports;
using XmppChatClient.Xml;

namespace XmppChatClient.TestSupport;

/// <summary>One connection to a <see cref="MemoryServer"/>.</summary>
internal sealed class MemoryTransport(MemoryServer server) : IXmppTransport
{
    private readonly Channel<XmppElement> _incoming = Channel.CreateUnbounded<XmppElement>();
    private int _streams;

    public bool IsEncrypted => true;

    public bool CanStartTls => false;

    public bool HasClientCertificate => false;

    public IReadOnlyList<ChannelBinding> ChannelBindings => [];

    public string Description => "memory";

    /// <summary>How many elements the client has not taken yet.</summary>
    public int Unread => _incoming.Reader.Count;

    public void Give(XmppElement element) => _incoming.Writer.TryWrite(element);

    public void End(XmppException? error) => _incoming.Writer.TryComplete(error);

    public ValueTask<XmppElement> OpenStreamAsync(string to, string? from, CancellationToken cancellationToken)
    {
        Give(server.FeaturesOf(_streams++));
        return new(XmppElement.Parse($"<stream xmlns='{MemoryServer.StreamNamespace}' version='1.0'/>"));
    }

    public async ValueTask<XmppElement?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _incoming.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            return e.InnerException is XmppException error ? throw error : null;
        }
    }

    public ValueTask SendAsync(IXmlWritable element, CancellationToken cancellationToken)
    {
        server.Take(this, XmppElement.From(element));
        return ValueTask.CompletedTask;
    }

    public ValueTask StartTlsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask CloseStreamAsync(CancellationToken cancellationToken)
    {
        server.Take(this, MemoryServer.ClosingTag);
        End(null);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
