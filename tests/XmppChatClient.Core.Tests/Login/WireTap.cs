using XmppChatClient.Sasl;
using XmppChatClient.Transports;
using XmppChatClient.Transports.Tcp;
using XmppChatClient.Xml;

namespace XmppChatClient.TestSupport;

/// <summary>Sees what goes over a client's connections inside TLS, and changes what the server says, as whoever holds a certificate for
/// its domain could. Connects over TCP as the options say otherwise.</summary>
internal sealed class WireTap : IXmppConnector
{
    private readonly TcpConnector _tcp;
    private readonly List<string> _lines = [];

    public WireTap(XmppClientOptions options)
    {
        _tcp = new TcpConnector(options);
        options.Connector = this;
    }

    /// <summary>What becomes of an element of the server's.</summary>
    public Func<XmppElement, XmppElement> Change { get; set; } = element => element;

    /// <summary>Which of them get lost.</summary>
    public Func<XmppElement, bool> Loses { get; set; } = _ => false;

    /// <summary>Whether there is nothing in TLS that the client could bind logins to.</summary>
    public bool HidesBindings { get; set; }

    /// <summary>Whether TLS ends elsewhere than at the server, as it may on the web.</summary>
    public bool EndsTlsElsewhere { get; set; }

    /// <summary>What went over the wire since the last connection was made: <c>C:</c> by the client, <c>S:</c> by the server before it
    /// was changed, <c>--</c> for TLS.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>How often the client has waited for the server since, not counting TCP and TLS.</summary>
    public int RoundTrips => Count(Lines);

    /// <summary>The mechanisms that the client tried.</summary>
    public IEnumerable<string> Mechanisms => Lines.Where(l => l.StartsWith("C: <auth", StringComparison.Ordinal))
        .Select(l => l.Split("mechanism='")[1].Split('\'')[0]);

    public async ValueTask<IXmppTransport> ConnectAsync(string domain, ServerHost? preferred, CancellationToken cancellationToken)
    {
        var transport = await _tcp.ConnectAsync(domain, preferred, cancellationToken);
        lock (_lines)
        {
            _lines.Clear();
        }

        return new Tapped(transport, this);
    }

    /// <summary>How often what the server says follows on something that the client has said.</summary>
    public static int Count(IEnumerable<string> lines) => lines.Where(l => l[0] != '-').Aggregate(
        (Count: 0, Last: 'S'), (seen, line) => (seen.Count + (seen.Last == 'C' && line[0] == 'S' ? 1 : 0), line[0])).Count;

    private void Add(string line)
    {
        lock (_lines)
        {
            _lines.Add(line);
        }
    }

    private sealed class Tapped(IXmppTransport inner, WireTap tap) : IXmppTransport
    {
        public bool IsEncrypted => inner.IsEncrypted;

        public bool CanStartTls => inner.CanStartTls;

        public bool HasClientCertificate => inner.HasClientCertificate;

        public IReadOnlyList<ChannelBinding> ChannelBindings => tap.HidesBindings || tap.EndsTlsElsewhere ? [] : inner.ChannelBindings;

        public bool MayBindChannel => !tap.EndsTlsElsewhere && inner.MayBindChannel;

        public bool CanPipeline => inner.CanPipeline;

        public string Description => inner.Description;

        public async ValueTask<XmppElement> OpenStreamAsync(string to, string? from, CancellationToken cancellationToken)
        {
            tap.Add($"C: <stream to='{to}'>");
            var header = await inner.OpenStreamAsync(to, from, cancellationToken);
            tap.Add("S: <stream>");
            return header;
        }

        public async ValueTask<XmppElement> OpenStreamAsync(
            string to, string? from, IXmlWritable first, CancellationToken cancellationToken)
        {
            tap.Add($"C: <stream to='{to}'>");
            tap.Add($"C: {XmppElement.From(first)}");
            var header = await inner.OpenStreamAsync(to, from, first, cancellationToken);
            tap.Add("S: <stream>");
            return header;
        }

        public async ValueTask<XmppElement?> ReceiveAsync(CancellationToken cancellationToken)
        {
            while (await inner.ReceiveAsync(cancellationToken) is { } element)
            {
                tap.Add($"S: {element}");
                if (!tap.Loses(element))
                {
                    return tap.Change(element);
                }
            }

            return null;
        }

        public ValueTask SendAsync(IXmlWritable element, CancellationToken cancellationToken)
        {
            tap.Add($"C: {XmppElement.From(element)}");
            return inner.SendAsync(element, cancellationToken);
        }

        public void LimitElements(long? bytes) => inner.LimitElements(bytes);

        public async ValueTask StartTlsAsync(CancellationToken cancellationToken)
        {
            await inner.StartTlsAsync(cancellationToken);
            tap.Add("-- TLS");
        }

        public ValueTask CloseStreamAsync(CancellationToken cancellationToken) => inner.CloseStreamAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
