using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace XmppChatClient.Core.Tests.Bosh;

/// <summary>An endpoint that answers each request as a test says: HTTP by hand.</summary>
internal sealed partial class BoshEnd : LoopbackEnd
{
    public const string Features =
        "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>";

    private static readonly Task<string> Held = new TaskCompletionSource<string>().Task;

    private readonly Func<BoshPost, Task<string>> _answer;
    private readonly CancellationTokenSource _over = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private TaskCompletionSource<string> _held = new();

    private BoshEnd(Func<BoshPost, Task<string>> answer)
        : base(TransportKind.Bosh, "bosh")
    {
        _answer = answer;
        Accept();
    }

    /// <summary>All requests, in the order in which they came.</summary>
    public ConcurrentQueue<BoshPost> Received { get; } = new();

    /// <summary>Answers with nothing when the next request comes.</summary>
    public static Task<string> Hold(BoshPost post) => Held;

    /// <param name="answer">HTTP, or a wrapper to be answered in it; nothing cuts the connection.</param>
    public static BoshEnd Start(Func<BoshPost, string> answer) => new(post => Task.FromResult(answer(post)));

    /// <inheritdoc cref="Start(Func{BoshPost, string})"/>
    public static BoshEnd Start(Func<BoshPost, Task<string>> answer) => new(answer);

    /// <summary>Lets a client in, which then is answered as the test says.</summary>
    /// <param name="terms">What the session begins with, besides its id.</param>
    public static BoshEnd StartIn(
        Func<BoshPost, Task<string>> answer, string terms = "wait='45' requests='2' hold='1' inactivity='30' polling='2'") =>
        new(post => LogIn(post, terms) is { } step ? Task.FromResult(step) : answer(post));

    public static string Wrap(string content, string attributes = "") =>
        $"<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams'{attributes}>{content}</body>";

    public static string Message(string body) =>
        $"<message xmlns='jabber:client' from='romeo@example.org'><body>{body}</body></message>";

    /// <summary>Ends when a request has come since the last time.</summary>
    public Task ArrivedAsync(CancellationToken cancellationToken) => _arrived.WaitAsync(cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await base.DisposeAsync();
        _over.Dispose();
        _arrived.Dispose();
    }

    private static string? LogIn(BoshPost post, string terms) => post switch
    {
        _ when post["sid"] is null => Wrap(Features, $" sid='s1' {terms} xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0'"),
        _ when post.Body.Contains("<auth ", StringComparison.Ordinal) => Wrap("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"),
        _ when post["xmpp:restart"] == "true" =>
            Wrap("<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"),
        _ when post.Body.Contains("<bind ", StringComparison.Ordinal) => Wrap(
            $"<iq xmlns='jabber:client' type='result' id='{IdOf().Match(post.Body).Groups[1].Value}'>"
            + "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>guest@example.org/1</jid></bind></iq>"),
        _ => null,
    };

    protected override async Task ServeAsync(Stream connection)
    {
        try
        {
            while (await ReadAsync(connection) is { } post)
            {
                Received.Enqueue(post);
                _arrived.Release();
                var held = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
                Interlocked.Exchange(ref _held, held).TrySetResult(Wrap(""));
                var answering = _answer(post);
                var answer = await (answering == Held ? held.Task : answering).WaitAsync(_over.Token);
                if (answer.Length == 0)
                {
                    return;
                }

                await connection.WriteAsync(Encoding.UTF8.GetBytes(Http(answer)), _over.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone, or the test.
        }
    }

    private static string Http(string answer) => answer.StartsWith("HTTP/", StringComparison.Ordinal)
        ? Regex.Replace(answer, "^[^<]*?\n\n", head => head.Value.ReplaceLineEndings("\r\n"))
        : string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {Encoding.UTF8.GetByteCount(answer)}\r\n\r\n{answer}");

    private async Task<BoshPost?> ReadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _over.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        var body = new byte[int.Parse(LengthOf().Match(head.ToString()).Groups[1].Value, CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _over.Token);
        return new BoshPost(head.ToString(), Encoding.UTF8.GetString(body));
    }

    [GeneratedRegex("Content-Length: ([0-9]+)", RegexOptions.IgnoreCase)]
    private static partial Regex LengthOf();

    [GeneratedRegex(" id='([^']*)'")]
    private static partial Regex IdOf();
}
