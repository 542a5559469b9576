using XmppChatClient.Sasl;
using XmppChatClient.Transports;
using XmppChatClient.Transports.Tcp;
using XmppChatClient.Xml;

namespace XmppChatClient.Interop.Tests;

/// <summary>Hides from the client what the server offers beside one SASL mechanism, so that each can be seen to work.</summary>
internal sealed class OfferFilter(XmppClientOptions options, string? only) : IXmppConnector
{
    private readonly string? _only = only;
    private readonly TcpConnector _tcp = new(options);

    /// <summary>What the server really offered last.</summary>
    public IReadOnlyList<string> Offered { get; private set; } = [];

    public async ValueTask<IXmppTransport> ConnectAsync(
        string domain, ServerHost? preferred, CancellationToken cancellationToken) =>
        new Filtered(await _tcp.ConnectAsync(domain, preferred, cancellationToken), this);

    private XmppElement Filter(XmppElement element)
    {
        var mechanisms = element.Elements.ToArray().FirstOrDefault(e => e.Name.LocalName == "mechanisms");
        if (element.Name.LocalName != "features" || mechanisms is null)
        {
            return element;
        }

        Offered = [.. mechanisms.Elements.ToArray().Select(m => m.Text)];
        XmlNode[] kept = [.. mechanisms.Elements.ToArray().Where(m => _only is null || m.Text == _only).Select(XmlNode.FromElement)];
        XmlNode[] features =
        [
            .. element.Elements.ToArray().Select(e => XmlNode.FromElement(
                e == mechanisms ? new XmppElement(e.Name, e.Attributes, kept) : e)),
        ];
        return new XmppElement(element.Name, element.Attributes, features);
    }

    private sealed class Filtered(IXmppTransport inner, OfferFilter filter) : IXmppTransport
    {
        public bool IsEncrypted => inner.IsEncrypted;

        public bool CanStartTls => inner.CanStartTls;

        public bool HasClientCertificate => inner.HasClientCertificate;

        // A client that can bind and is offered no -PLUS says so, and an honest server that has one then refuses it.
        public IReadOnlyList<ChannelBinding> ChannelBindings =>
            filter._only?.EndsWith("-PLUS", StringComparison.Ordinal) == false ? [] : inner.ChannelBindings;

        public string Description => inner.Description;

        public ValueTask<XmppElement> OpenStreamAsync(string to, string? from, CancellationToken cancellationToken) =>
            inner.OpenStreamAsync(to, from, cancellationToken);

        public async ValueTask<XmppElement?> ReceiveAsync(CancellationToken cancellationToken) =>
            await inner.ReceiveAsync(cancellationToken) is { } element ? filter.Filter(element) : null;

        public ValueTask SendAsync(IXmlWritable element, CancellationToken cancellationToken) =>
            inner.SendAsync(element, cancellationToken);

        public void LimitElements(long? bytes) => inner.LimitElements(bytes);

        public ValueTask StartTlsAsync(CancellationToken cancellationToken) => inner.StartTlsAsync(cancellationToken);

        public ValueTask CloseStreamAsync(CancellationToken cancellationToken) => inner.CloseStreamAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
