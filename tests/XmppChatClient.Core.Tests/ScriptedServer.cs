using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using XmppChatClient.Tests.Sasl;
using XmppChatClient.Transports.Dns;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests;

/// <summary>Replays a transcript over an in-memory connection: waits for each <c>C:</c> line to come, sends each <c>S:</c>
/// line. In these <c>{id}</c> stands for the id that the client used last, <c>{scram-first}</c> and <c>{scram-final}</c> for
/// SCRAM's answers to what it sent last. <c>S: !tls</c> is the server's side of the TLS handshake, <c>S: !cut</c> cuts the
/// connection; else it stays open after the last line, and the end of the client's stream is answered.</summary>
internal sealed partial class ScriptedServer(string script, MemoryEnd.ReadLimit reads) : IStreamDialer, IServiceLookup
{
    private readonly StringBuilder _received = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hungUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Stream _stream = Stream.Null;
    private int _matched;
    private string _id = "";
    private int _dialed;

    public ScriptedServer(string script, ScriptSplit split = ScriptSplit.Whole)
        : this(script, split.ToLimit())
    {
    }

    /// <summary>Who answers the next connection; by default nobody.</summary>
    public ScriptedServer? Next { get; init; }

    /// <summary>How many bytes may be under way in each direction before who sends them waits.</summary>
    public long Capacity { get; init; } = 65_536;

    /// <summary>What the server is by its own account.</summary>
    public X509Certificate2? Certificate { get; init; }

    public ScramTestServer? Scram { get; init; }

    /// <summary>Changes what SCRAM would say.</summary>
    public Func<string, string> Lie { get; init; } = said => said;

    /// <summary>What happens after the script's last line.</summary>
    public Func<ScriptedServer, Task> Then { get; init; } = _ => Task.CompletedTask;

    /// <summary>Whether it goes on reading after the script. Default <see langword="true"/>.</summary>
    public bool IsAttentive { get; init; } = true;

    /// <summary>The protocol that ALPN agreed on; empty without.</summary>
    public string ApplicationProtocol { get; private set; } = "";

    /// <summary>Ends when the script is through; fails when the client sent something else.</summary>
    public Task Done => _done.Task;

    /// <summary>Ends when the client has dropped its connection.</summary>
    public Task HungUp => _hungUp.Task;

    /// <summary>All that the client sent so far.</summary>
    public string Received
    {
        get
        {
            lock (_received)
            {
                return _received.ToString();
            }
        }
    }

    public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _dialed) > 1)
        {
            return Next is null
                ? throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused)
                : Next.DialAsync(address, cancellationToken);
        }

        var (client, server) = MemoryEnd.CreatePair(Capacity, reads);
        _stream = server;
        _ = PlayAndTellAsync();
        _ = TellHangUpAsync(client);
        return new(client);
    }

    public Task<IReadOnlyList<ServiceRecord>> LookUpAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ServiceRecord>>([]);

    /// <summary>A client of this server that asks for no TLS and, having no account, logs in as nobody.</summary>
    public XmppClientOptions Options(Action<XmppClientOptions>? configure = null)
    {
        var options = new XmppClientOptions
        {
            Jid = Jid.Parse("example.org"),
            Host = "127.0.0.1",
            Tls = TlsMode.Disabled,
            Presence = null,
        };
        options.Reconnect.Enabled = false;
        configure?.Invoke(options);
        options.Connector = new TcpConnector(options, Carrier.Of(this), this);
        return options;
    }

    public async Task SendAsync(string text)
    {
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        await _stream.FlushAsync();
    }

    /// <returns><see langword="false"/> when the client sends no more.</returns>
    public async Task<bool> ReadMoreAsync()
    {
        var buffer = new byte[4096];
        var count = await _stream.ReadAsync(buffer);
        lock (_received)
        {
            _received.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return count > 0;
    }

    private async Task TellHangUpAsync(MemoryEnd client)
    {
        await client.Disposed;
        _hungUp.TrySetResult();
    }

    private async Task PlayAndTellAsync()
    {
        try
        {
            await PlayAsync();
            _done.TrySetResult();
            if (IsAttentive)
            {
                await AnswerGoodbyeAsync();
            }
        }
        catch (Exception e)
        {
            _done.TrySetException(e);
            _ = _done.Task.Exception;
        }
    }

    private async Task AnswerGoodbyeAsync()
    {
        const string End = "</stream:stream>";
        while (!Received.EndsWith(End, StringComparison.Ordinal))
        {
            if (!await ReadMoreAsync())
            {
                return;
            }
        }

        await SendAsync(End);
    }

    private async Task PlayAsync()
    {
        foreach (var line in script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line == "S: !cut")
            {
                await _stream.DisposeAsync();
            }
            else if (line == "S: !tls")
            {
                await StartTlsAsync();
            }
            else if (line.StartsWith("C: ", StringComparison.Ordinal))
            {
                await ExpectAsync(line[3..]);
            }
            else
            {
                await SendAsync(Fill(line[3..]));
            }
        }

        await Then(this);
    }

    private async Task StartTlsAsync()
    {
        var ssl = new SslStream(_stream);
        await ssl.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = Certificate,
            ApplicationProtocols = [new SslApplicationProtocol("xmpp-client")],
        });
        ApplicationProtocol = ssl.NegotiatedApplicationProtocol.ToString();
        _stream = ssl;
    }

    private async Task ExpectAsync(string expected)
    {
        while (true)
        {
            var text = Received;
            var at = text.IndexOf(expected, _matched, StringComparison.Ordinal);
            if (at >= 0)
            {
                _matched = at + expected.Length;
                _id = Ids().Matches(text) is [.., var last] ? last.Groups[1].Value : _id;
                return;
            }

            if (!await ReadMoreAsync())
            {
                throw new Xunit.Sdk.XunitException($"The client never sent {expected}; it sent:\n{Received}");
            }
        }
    }

    private string Fill(string text)
    {
        text = text.Replace("{id}", _id, StringComparison.Ordinal);
        text = text.Contains("{scram-first}", StringComparison.Ordinal)
            ? text.Replace("{scram-first}", Encode(Scram!.First(LastSaslMessage())), StringComparison.Ordinal) : text;
        return text.Contains("{scram-final}", StringComparison.Ordinal)
            ? text.Replace("{scram-final}", Encode(Scram!.Final(LastSaslMessage())), StringComparison.Ordinal) : text;
    }

    private string Encode(string said) => Convert.ToBase64String(Encoding.UTF8.GetBytes(Lie(said)));

    private string LastSaslMessage() =>
        Encoding.UTF8.GetString(Convert.FromBase64String(SaslMessages().Matches(Received)[^1].Groups[1].Value));

    [GeneratedRegex("id='([^']+)'")]
    private static partial Regex Ids();

    [GeneratedRegex("<(?:auth|response) [^>]*>([^<]+)</")]
    private static partial Regex SaslMessages();
}
