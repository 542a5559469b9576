using System.Threading.Channels;
using XmppChatClient.Sasl;
using XmppChatClient.Transports;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests;

/// <summary>A server of few words: lets anybody in, keeps what it is sent, and sends what it is told to.</summary>
internal sealed class MemoryTransport : IXmppTransport, IXmppConnector
{
    private const string Features = "http://etherx.jabber.org/streams";

    private readonly Channel<XmppElement?> _incoming = Channel.CreateUnbounded<XmppElement?>();
    private readonly Channel<XmppElement> _sent = Channel.CreateUnbounded<XmppElement>();
    private int _streams;

    /// <summary>Refuses every login when set.</summary>
    public bool RefuseLogin { get; init; }

    public bool IsEncrypted => true;

    public bool CanStartTls => false;

    public bool HasClientCertificate => false;

    public IReadOnlyList<ChannelBinding> ChannelBindings => [];

    public string Description => "memory";

    public ValueTask<IXmppTransport> ConnectAsync(string domain, CancellationToken cancellationToken) => new(this);

    public void Send(string xml) => _incoming.Writer.TryWrite(XmppElement.Parse(xml));

    /// <summary>The next stanza the client sent that fits.</summary>
    public async Task<XmppElement> SentAsync(Func<XmppElement, bool> fits, CancellationToken cancellationToken)
    {
        while (true)
        {
            var element = await _sent.Reader.ReadAsync(cancellationToken).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
            if (fits(element))
            {
                return element;
            }
        }
    }

    public ValueTask<XmppElement> OpenStreamAsync(string to, string? from, CancellationToken cancellationToken)
    {
        Send(_streams++ == 0
            ? $"<features xmlns='{Features}'><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms></features>"
            : $"<features xmlns='{Features}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></features>");
        return new(XmppElement.Parse($"<stream xmlns='{Features}' version='1.0'/>"));
    }

    public async ValueTask<XmppElement?> ReceiveAsync(CancellationToken cancellationToken) =>
        await _incoming.Reader.ReadAsync(cancellationToken);

    public ValueTask SendAsync(IXmlWritable element, CancellationToken cancellationToken)
    {
        var sent = XmppElement.From(element);
        var payload = sent.Elements.ToArray().FirstOrDefault();
        switch (sent.Name.LocalName, payload?.Name.Namespace)
        {
            case ("auth", _):
                Send(RefuseLogin
                    ? "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"
                    : "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
                break;
            case ("iq", "urn:ietf:params:xml:ns:xmpp-bind"):
                Send($"<iq xmlns='jabber:client' type='result' id='{sent.Attribute("id")}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@example.org/1</jid></bind></iq>");
                break;
            case ("iq", "jabber:iq:roster"):
                Send($"<iq xmlns='jabber:client' type='result' id='{sent.Attribute("id")}'/>");
                break;
            default:
                _sent.Writer.TryWrite(sent);
                break;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask StartTlsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask CloseStreamAsync(CancellationToken cancellationToken)
    {
        _incoming.Writer.TryWrite(null);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
