using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace XmppChatClient.Conformance.Tests;

/// <summary>XMPP by hand, with nothing of the product: says what the scenario says, and keeps what it hears until asked.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private const string FenceId = "fence-";

    private readonly Scenario _scenario;
    private readonly TcpClient _connection;
    private readonly List<Entry> _heard = [];
    private Stream _stream;
    private ElementReader? _reader;

    private Peer(Scenario scenario, string address, string label, TcpClient connection)
    {
        (_scenario, _connection) = (scenario, connection);
        (Account, Resource, Label) = (address.Split('/')[0], address.Split('/')[1], label);
        _stream = connection.GetStream();
    }

    /// <summary>As the record calls it.</summary>
    public string Label { get; }

    public string Account { get; }

    public string Resource { get; }

    public string Jid => $"{Account}@example.test/{Resource}";

    /// <summary>Whether it passes fences: true once a resource is bound, until the connection ends or a scenario counts stanzas.</summary>
    public bool IsFenced { get; set; }

    public static async Task<Peer> ConnectAsync(Scenario scenario, string address, string label)
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(scenario.Target.Host, scenario.Target.Port, scenario.Token);
        return new Peer(scenario, address, label, connection);
    }

    /// <summary>Opens, or opens anew, the stream, and hears the server's header and features.</summary>
    public async Task<XElement> OpenAsync(string attributes = "to='example.test' version='1.0'")
    {
        await OpenOnlyAsync(attributes);
        await NextAsync();
        return await NextAsync() ?? throw new EndOfStreamException("The server closed the stream instead of offering features.");
    }

    /// <summary>Opens the stream and waits for nothing.</summary>
    public async Task OpenOnlyAsync(string attributes)
    {
        _reader = new ElementReader(_stream, _scenario.Names.FromWire);
        var namespaces = attributes.Contains("xmlns=", StringComparison.Ordinal)
            ? "xmlns:stream='http://etherx.jabber.org/streams'"
            : "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
        await SendAsync($"<?xml version='1.0'?><stream:stream {attributes} {namespaces}>", $"<stream:stream {attributes}>");
    }

    /// <summary>From an open stream to one over TLS; certificates are not what scenarios are about.</summary>
    public async Task StartTlsAsync()
    {
        await SendAsync("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        await NextAsync();
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = _scenario.Target.Domain,
#pragma warning disable CA5359 // See the summary.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            },
            _scenario.Token);
    }

    /// <summary>Authenticates with PLAIN as the peer's account and hears the verdict.</summary>
    public Task<XElement?> AuthenticateAsync(string password = Scenario.Password) => AuthenticateAsync("PLAIN", $"\0{{0}}\0{password}");

    /// <summary>Sends an initial response, in which {0} is the peer's account, and hears what comes.</summary>
    public async Task<XElement?> AuthenticateAsync(string mechanism, string response)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(Response(_scenario.Names.Account(Account))));
        var auth = $"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='{mechanism}'>";
        await SendAsync($"{auth}{encoded}</auth>", $"{auth}{Response(Account).Replace("\0", "\\0", StringComparison.Ordinal)}</auth>");
        return await NextAsync();

        string Response(string account) => response.Replace("{0}", account, StringComparison.Ordinal);
    }

    /// <summary>Everything up to an open stream that asks for a resource; its features.</summary>
    public async Task<XElement> LoginAsync()
    {
        await OpenAsync();
        await StartTlsAsync();
        await OpenAsync();
        var verdict = await AuthenticateAsync();
        Assert.Equal(Ns.Sasl + "success", verdict?.Name);
        return await OpenAsync();
    }

    public async Task BindAsync()
    {
        await SendAsync($"<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{Resource}</resource></bind></iq>");
        var bound = await NextAsync();
        Assert.Equal("result", bound?.Attribute("type")?.Value);
        IsFenced = true;
    }

    /// <summary>Sends text in which names stand as scenarios write them.</summary>
    public Task SendAsync(string xml) => SendAsync(xml, xml);

    /// <summary>The same in one piece, for what may end the connection before all of it is sent.</summary>
    public async Task SendTogetherAsync(params string[] parts)
    {
        foreach (var part in parts)
            _scenario.Add(new Entry(this, IsSent: true, part, null));
        await WriteAsync(_scenario.Names.ToWire(string.Concat(parts)));
    }

    /// <summary>The next element, or null at the end of the stream; it is in the record at once.</summary>
    public async Task<XElement?> NextAsync()
    {
        var entry = await HearAsync();
        _scenario.Add(entry);
        return entry.Element;
    }

    /// <summary>Hears everything up to an element that fits, and answers with that; it comes into the record at the next fence.</summary>
    public async Task<XElement> UntilAsync(Func<XElement, bool> fits)
    {
        while (true)
        {
            var entry = await HearAsync();
            _heard.Add(entry);
            var element = entry.Element ?? throw new EndOfStreamException($"{Label} waited for something that never came.");
            if (fits(element))
                return element;
        }
    }

    /// <summary>
    /// Hears everything up to the news that somebody is gone: after a connection has ended, a server may still be busy with it,
    /// and no fence goes through what is no longer there.
    /// </summary>
    public Task UntilUnavailableAsync() =>
        UntilAsync(element => element.Name == Ns.Client + "presence" && element.Attribute("type")?.Value == "unavailable");

    /// <summary>Hears everything up to the end of the connection; the server's last words are in the record.</summary>
    public async Task UntilClosedAsync()
    {
        IsFenced = false;
        while (true)
        {
            var entry = await HearAsync();
            _heard.Add(entry);
            if (entry.Element is null)
                break;
        }

        // A server that has closed its stream may wait for ours to close.
        try
        {
            await _stream.WriteAsync("</stream:stream>"u8.ToArray(), _scenario.Token);
            while (await _stream.ReadAsync(new byte[1024], _scenario.Token).AsTask().WaitAsync(Hang.Limit, _scenario.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Closes the stream in order, and returns when the server has closed its own.</summary>
    public async Task CloseAsync()
    {
        await SendAsync("</stream:stream>");
        await UntilClosedAsync();
    }

    /// <summary>Hangs up without a word, and returns when the server has noticed: it closes its side then.</summary>
    public async Task HangUpAsync()
    {
        IsFenced = false;
        _scenario.Add(new Entry(this, IsSent: true, "(hangs up)", null));
        _connection.Client.Shutdown(SocketShutdown.Send);
        try
        {
            // Below TLS: the server may have no time for its farewell.
            using var below = new NetworkStream(_connection.Client, ownsSocket: false);
            while (await below.ReadAsync(new byte[1024], _scenario.Token).AsTask().WaitAsync(Hang.Limit, _scenario.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Asks the server, and whoever else is named, and hears until all have answered; the answers are not part of the record.</summary>
    public async Task PassFenceAsync(IEnumerable<string> through)
    {
        var open = new HashSet<string>(StringComparer.Ordinal);
        foreach (var place in through)
        {
            var id = FenceId + _scenario.NextFence();
            open.Add(id);
            var question = place.Contains('@', StringComparison.Ordinal) ? "query xmlns='http://jabber.org/protocol/disco#info'" : "ping xmlns='urn:xmpp:ping'";
            await WriteAsync(_scenario.Names.ToWire($"<iq type='get' to='{place}' id='{id}'><{question}/></iq>"));
        }

        while (open.Count > 0)
        {
            var entry = await HearAsync();
            if (entry.Element is null)
                throw new EndOfStreamException($"The server closed the stream of {Label} before it answered.");
            var id = entry.Element.Attribute("id")?.Value;
            if (entry.Element.Name == Ns.Client + "iq" && id?.StartsWith(FenceId, StringComparison.Ordinal) == true)
                open.Remove(id);
            else
                _heard.Add(entry);
        }
    }

    /// <summary>What was heard since the last time comes into the record.</summary>
    public void RecordHeard()
    {
        foreach (var entry in _heard)
            _scenario.Add(entry);
        _heard.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _connection.Dispose();
    }

    public async Task SendAsync(string xml, string recorded)
    {
        _scenario.Add(new Entry(this, IsSent: true, recorded, null));
        await WriteAsync(_scenario.Names.ToWire(xml));
    }

    private async Task WriteAsync(string text) => await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), _scenario.Token);

    private async Task<Entry> HearAsync()
    {
        try
        {
            var element = await _reader!.ReadAsync().WaitAsync(Hang.Limit, _scenario.Token);
            return new Entry(this, IsSent: false, element is null ? "(closes the stream)" : null, element);
        }
        catch (Exception end) when (end is XmlException or IOException)
        {
            return new Entry(this, IsSent: false, "(closes the connection)", null);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Label} waited {Hang.Limit.TotalSeconds} s for the server; heard but not yet in the record:\n{string.Join('\n', _heard.Select(e => e.Element))}");
        }
    }
}
