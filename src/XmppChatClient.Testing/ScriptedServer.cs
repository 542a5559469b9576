using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using XmppChatClient.Testing.Certificates;
using XmppChatClient.Testing.Login;
using XmppChatClient.Testing.Scripts;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing;

/// <summary>Replays a transcript over one connection in memory, to see what a client makes of exactly these bytes: waits until
/// each <c>C:</c> line has come, however much comes between, and sends each <c>S:</c> line. In these <c>{id}</c> stands for the
/// id that the client used last, <c>{scram-first}</c> and <c>{scram-final}</c> for SCRAM's answers to what it sent last.
/// <c>S: !tls</c> is the server's side of the TLS handshake, <c>S: !cut</c> cuts the connection; else that stays open after the
/// last line, and the end of the client's stream is answered.</summary>
/// <example><code>
/// var script = new ScriptedServer("""
///     C: version='1.0'
///     S: &lt;stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'&gt;
///     S: &lt;stream:error&gt;&lt;reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/&gt;&lt;/stream:error&gt;&lt;/stream:stream&gt;
///     """, ScriptSplit.Bytes);
/// await using var client = new XmppClient(options.UseScriptedServer(script));
/// </code></example>
public sealed partial class ScriptedServer
{
    private readonly string[] _lines;
    private readonly ScriptSplit _split;
    private readonly StringBuilder _received = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hungUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Stream _stream = Stream.Null;
    private ScriptScramExchange? _exchange;
    private byte[] _serverEndPoint = [];
    private long _sent;
    private int _matched;
    private string _id = "";
    private int _connections;

    /// <param name="script">The transcript, one line for each step; space around lines does not count.</param>
    /// <exception cref="ArgumentException">A line is none of a transcript.</exception>
    public ScriptedServer(string script, ScriptSplit split = ScriptSplit.Whole)
    {
        ArgumentNullException.ThrowIfNull(script);
        _lines = script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        _split = split;
        if (Array.Find(_lines, l => !l.StartsWith("C: ", StringComparison.Ordinal) && !l.StartsWith("S: ", StringComparison.Ordinal))
            is { } other)
        {
            throw new ArgumentException($"A line of a script begins with 'C: ' or 'S: ', and not as this one: {other}", nameof(script));
        }
    }

    /// <summary>At how many bytes two reads meet, whatever comes together; null for nowhere.</summary>
    public long? SplitAt { get; init; }

    /// <summary>Who answers the client's next connection; null for nobody, which refuses it.</summary>
    public ScriptedServer? Next { get; init; }

    /// <summary>How many bytes may be under way in each direction before who sends them waits. Default 65,536.</summary>
    public long Capacity { get; init; } = MemoryWire.DefaultCapacity;

    /// <summary>What <c>!tls</c> shows, with its key. Default one that is made for the client's domain, with a root that
    /// <c>UseScriptedServer</c> has the client trust.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>What <c>{scram-first}</c> and <c>{scram-final}</c> go by.</summary>
    public ScriptedScram? Scram { get; init; }

    /// <summary>Changes what SCRAM would say: a lie, perhaps. Default as it is.</summary>
    public Func<string, string> ChangeScram { get; init; } = said => said;

    /// <summary>What happens after the script's last line, before <see cref="Done"/>. Default nothing.</summary>
    public Func<ScriptedServer, Task> Then { get; init; } = _ => Task.CompletedTask;

    /// <summary>Whether it goes on reading after the script, and answers the end of the client's stream. Default
    /// <see langword="true"/>.</summary>
    public bool IsAttentive { get; init; } = true;

    /// <summary>The protocol that ALPN agreed on; empty without.</summary>
    public string ApplicationProtocol { get; private set; } = "";

    /// <summary>Ends when the script is through. Fails with <see cref="TestServerException"/>, which tells what came, when the
    /// client hung up before.</summary>
    public Task Done => _done.Task;

    /// <summary>Ends when the client has dropped its connection.</summary>
    public Task HungUp => _hungUp.Task;

    /// <summary>All that the client sent so far, credentials and all.</summary>
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

    /// <summary>How many bytes were sent so far, those of TLS not included.</summary>
    public long BytesSent => Interlocked.Read(ref _sent);

    internal bool NeedsCertificate => Certificate is null && Array.IndexOf(_lines, "S: !tls") >= 0;

    /// <summary>Sends text as it is.</summary>
    public async Task SendAsync(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        await _stream.WriteAsync(bytes).ConfigureAwait(false);
        await _stream.FlushAsync().ConfigureAwait(false);
        Interlocked.Add(ref _sent, bytes.Length);
    }

    /// <summary>Reads more into <see cref="Received"/>, as soon as something comes. For <see cref="Then"/>: the script reads by
    /// itself before that.</summary>
    /// <returns><see langword="false"/> when the client sends no more.</returns>
    public async Task<bool> ReadMoreAsync()
    {
        var buffer = new byte[4096];
        var count = await _stream.ReadAsync(buffer).ConfigureAwait(false);
        lock (_received)
        {
            _received.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return count > 0;
    }

    /// <summary>The client's end of the next connection, on which the script begins.</summary>
    /// <exception cref="IOException">The script was played already, and there is no <see cref="Next"/>.</exception>
    public Stream Connect()
    {
        if (Interlocked.Increment(ref _connections) > 1)
        {
            return Next?.Connect() ?? throw new IOException("The scripted server takes no more connections.");
        }

        var (client, server) = MemoryWire.CreatePair(Capacity, () => _hungUp.TrySetResult());
        client.Limit = SplitAt is { } offset ? ScriptReads.At(offset) : ScriptReads.Of(_split);
        _stream = server;
        _ = PlayAndTellAsync();
        return client;
    }

    /// <summary>Makes a certificate for a domain.</summary>
    /// <returns>Its root.</returns>
    internal X509Certificate2 MakeCertificate(string domain)
    {
        var certificates = new ServerCertificates(domain);
        Certificate = certificates.Server;
        return certificates.Root;
    }

    private async Task PlayAndTellAsync()
    {
        try
        {
            await PlayAsync().ConfigureAwait(false);
            _done.TrySetResult();
            if (IsAttentive)
            {
                await AnswerGoodbyeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            _done.TrySetException(e);

            // Nobody need ask.
            _ = _done.Task.Exception;
        }
    }

    private async Task AnswerGoodbyeAsync()
    {
        while (!Received.EndsWith(StreamText.End, StringComparison.Ordinal))
        {
            if (!await ReadMoreAsync().ConfigureAwait(false))
            {
                return;
            }
        }

        await SendAsync(StreamText.End).ConfigureAwait(false);
    }

    private async Task PlayAsync()
    {
        foreach (var line in _lines)
        {
            if (line == "S: !cut")
            {
                await _stream.DisposeAsync().ConfigureAwait(false);
            }
            else if (line == "S: !tls")
            {
                await StartTlsAsync().ConfigureAwait(false);
            }
            else if (line[0] == 'C')
            {
                await ExpectAsync(line[3..]).ConfigureAwait(false);
            }
            else
            {
                await SendAsync(Fill(line[3..])).ConfigureAwait(false);
            }
        }

        await Then(this).ConfigureAwait(false);
    }

    private async Task StartTlsAsync()
    {
        var certificate = Certificate ?? throw new TestServerException("The script does TLS, and has no certificate.");
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ApplicationProtocols = [new SslApplicationProtocol("xmpp-client")],
        }).ConfigureAwait(false);
        ApplicationProtocol = tls.NegotiatedApplicationProtocol.ToString();
        _serverEndPoint = SHA256.HashData(certificate.RawDataMemory.Span);
        _stream = tls;
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

            if (!await ReadMoreAsync().ConfigureAwait(false))
            {
                throw new TestServerException($"The client never sent {expected}; it sent:\n{Redacted(Received)}");
            }
        }
    }

    // Text and no elements: what was sent need not be XML.
    private static string Redacted(string text) => SaslMessages().Replace(
        text, m => text[m.Index..m.Groups[2].Index] + "[redacted]" + text[(m.Groups[2].Index + m.Groups[2].Length)..(m.Index + m.Length)]);

    private string Fill(string text)
    {
        text = text.Replace("{id}", _id, StringComparison.Ordinal);
        if (text.Contains("{scram-first}", StringComparison.Ordinal))
        {
            var message = LastSaslMessage(out var mechanism);
            var keys = (Scram ?? throw new TestServerException("The script does SCRAM, and has no password."))
                .KeysOf(ScramVariant.Find(mechanism) ?? throw new TestServerException($"{mechanism} is no SCRAM."));
            _exchange = new ScriptScramExchange(keys, _serverEndPoint);
            return text.Replace("{scram-first}", Encode(_exchange.First(message)), StringComparison.Ordinal);
        }

        return text.Contains("{scram-final}", StringComparison.Ordinal)
            ? text.Replace("{scram-final}", Encode(_exchange!.Final(LastSaslMessage(out _))), StringComparison.Ordinal) : text;
    }

    private string Encode(string said) => Convert.ToBase64String(Encoding.UTF8.GetBytes(ChangeScram(said)));

    private string LastSaslMessage(out string mechanism)
    {
        var last = SaslMessages().Matches(Received)[^1];
        mechanism = Mechanisms().Match(last.Groups[1].Value).Groups[1].Value;
        return Encoding.UTF8.GetString(Convert.FromBase64String(last.Groups[2].Value));
    }

    [GeneratedRegex("id='([^']+)'")]
    private static partial Regex Ids();

    [GeneratedRegex("<(?:auth|response|authenticate)( [^>]*)>(?:<initial-response>)?([^<]+)</")]
    private static partial Regex SaslMessages();

    [GeneratedRegex("mechanism='([^']+)'")]
    private static partial Regex Mechanisms();
}
