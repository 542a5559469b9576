using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using XmppChatClient.Transports;
using XmppChatClient.Xml;

namespace XmppChatClient.TestSupport;

/// <summary>A server of few words, without a wire: lets anybody in as <c>bot@example.org/1</c>, keeps what it is sent, and
/// sends what it is told to.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The client disposes of its connection.")]
internal sealed class MemoryServer : IXmppConnector
{
    public const string StreamNamespace = "http://etherx.jabber.org/streams";

    private readonly Channel<XmppElement> _sent = Channel.CreateUnbounded<XmppElement>();
    private volatile MemoryTransport? _current;
    private int _asked;

    /// <summary>What is kept when the client closes its stream.</summary>
    public static XmppElement ClosingTag { get; } = new(new XmlName(StreamNamespace, "closed"));

    /// <summary>Refuses every login when set.</summary>
    public bool RefuseLogin { get; init; }

    /// <summary>Stream features besides binding, as XML.</summary>
    public string Features { get; set; } = "";

    /// <summary>Whether the roster is asked of the test instead of being answered with nothing.</summary>
    public bool LeaveRoster { get; set; }

    /// <summary>How many elements the client has not taken yet.</summary>
    public int Unread => _current!.Unread;

    public ValueTask<IXmppTransport> ConnectAsync(
        string domain, ServerHost? preferred, CancellationToken cancellationToken) =>
        new(_current = new MemoryTransport(this));

    /// <summary>Sends stanzas; without a namespace of their own they have a stanza's.</summary>
    public void Send(string xml)
    {
        foreach (var stanza in XmppElement.Parse($"<s xmlns='jabber:client'>{xml}</s>").Elements)
        {
            _current!.Give(stanza);
        }
    }

    /// <summary>The connection is lost.</summary>
    public void Drop() => _current!.End(new XmppConnectionException("The cable was cut."));

    /// <summary>The server closes its stream.</summary>
    public void Close() => _current!.End(null);

    /// <summary>The next that the client sent and that fits; what was sent before it is forgotten.</summary>
    public async Task<XmppElement> SentAsync(Func<XmppElement, bool> fits)
    {
        while (true)
        {
            var element = await NextAsync();
            if (fits(element))
            {
                return element;
            }
        }
    }

    /// <summary>The next stanza of that name.</summary>
    public Task<XmppElement> SentAsync(string name) => SentAsync(e => e.Name.LocalName == name);

    /// <summary>The next that the client sent.</summary>
    public async Task<XmppElement> NextAsync() =>
        await _sent.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Hang.Limit);

    /// <summary>Asks the client, and waits for its answer. Everything sent to it before has passed its read loop by then.
    /// </summary>
    public async Task<XmppElement> AskAsync(string payload, string type = "get", string from = "from='example.org'")
    {
        var id = $"ask-{Interlocked.Increment(ref _asked)}";
        Send($"<iq type='{type}' id='{id}' {from}>{payload}</iq>");
        return await SentAsync(e => e.Name.LocalName == "iq" && e.Attribute("id") == id);
    }

    /// <summary>Waits until the client has taken in everything sent to it so far.</summary>
    public Task SettleAsync() => AskAsync("<ping xmlns='urn:xmpp:ping'/>");

    internal XmppElement FeaturesOf(int stream) => XmppElement.Parse($"<features xmlns='{StreamNamespace}'>" + (stream == 0
        ? "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms>"
        : "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>" + Features) + "</features>");

    internal void Take(MemoryTransport connection, XmppElement sent)
    {
        var payload = sent.Elements.ToArray().FirstOrDefault();
        var answer = (sent.Name.LocalName, payload?.Name.Namespace) switch
        {
            ("auth", _) when RefuseLogin => "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>",
            ("auth", _) => "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
            ("iq", "urn:ietf:params:xml:ns:xmpp-bind") => Result(
                sent, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>bot@example.org/1</jid></bind>"),
            ("iq", "jabber:iq:roster") when !LeaveRoster && sent.Attribute("type") == "get" => Result(sent, ""),
            _ => null,
        };
        if (answer is null)
        {
            _sent.Writer.TryWrite(sent);
        }
        else
        {
            connection.Give(XmppElement.Parse(answer));
        }
    }

    private static string Result(XmppElement request, string payload) =>
        $"<iq xmlns='jabber:client' type='result' id='{request.Attribute("id")}'>{payload}</iq>";
}
