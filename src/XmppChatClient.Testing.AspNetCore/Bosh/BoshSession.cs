using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using XmppChatClient.Streams;
using XmppChatClient.Testing.WebSockets;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Bosh;

/// <summary>A client's session of BOSH (XEP-0124), and its stream of the test server's. As strict as the specification lets it be.
/// </summary>
internal sealed class BoshSession
{
    // What the server does not take in any case.
    private const int LongestStanza = 16 * 1024 * 1024;

    private const int LongestPause = 120;

    private readonly Lock _gate = new();
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly Stream _stream;
    private readonly XmppTestWebServerOptions _options;
    private readonly TimeProvider _time;
    private readonly string _domain;
    private readonly int _hold;
    private readonly TimeSpan _wait;
    private readonly Channel<string> _up = Channel.CreateUnbounded<string>();
    private readonly SortedDictionary<long, BoshRequest> _early = [];
    private readonly Queue<BoshRequest> _held = new();
    private readonly Dictionary<long, string> _answers = [];
    private readonly ITimer _inactivity;
    private readonly ITimer _waiting;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _content = new();
    private string? _terms;
    private string _attributes = "";
    private string? _key;
    private bool _isOver;
    private string? _untold;
    private BoshRequest? _lastEmpty;
    private long _last;

    /// <param name="body">What asks for the session.</param>
    /// <param name="stream">The client's end of its connection to the server.</param>
    public BoshSession(XmppElement body, long number, Stream stream, XmppTestWebServerOptions options)
    {
        _stream = stream;
        _options = options;
        _time = options.TimeProvider;
        _domain = body.Attribute("to")!;
        _last = number - 1;
        _hold = options.BoshRequests == 1 ? 0 : Math.Min(NumberOf(body, "hold", 1), 1);
        var asked = TimeSpan.FromSeconds(NumberOf(body, "wait", 60));
        _wait = asked < options.BoshWait ? asked : options.BoshWait;
        _terms = string.Create(
            CultureInfo.InvariantCulture,
            $" sid='{_id}' wait='{Math.Ceiling(_wait.TotalSeconds)}' requests='{options.BoshRequests}' hold='{_hold}'"
            + $" inactivity='{Math.Ceiling(options.BoshInactivity.TotalSeconds)}' polling='{options.BoshPolling.TotalSeconds}' maxpause='{LongestPause}'"
            + $" ver='1.11' ack='{number}' xmlns:xmpp='{BoshText.XmppNamespace}' xmpp:restartlogic='true'");
        _inactivity = _time.CreateTimer(_ => Lose(), null, options.BoshInactivity, Timeout.InfiniteTimeSpan);
        _waiting = _time.CreateTimer(_ => AnswerOldest(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _up.Writer.TryWrite(BoshText.StreamStart(_domain, body));
    }

    public string Id => _id;

    /// <summary>Carries what comes and goes. Ends when the session has.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var up = UpAsync(over.Token);
        var down = DownAsync(over.Token);
        await using (stopping.Register(Lose).ConfigureAwait(false))
        {
            await _over.Task.ConfigureAwait(false);
        }

        // What the client said last goes before its end; the server answers the end of its stream.
        await Task.WhenAny(Task.WhenAll(up, down), Task.Delay(TimeSpan.FromSeconds(2), stopping)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(up, down).ConfigureAwait(false);
        await _inactivity.DisposeAsync().ConfigureAwait(false);
        await _waiting.DisposeAsync().ConfigureAwait(false);
    }

    /// <returns>The answer, when there is one.</returns>
    public Task<string> AnswerAsync(XmppElement body, long number)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                var end = _untold ?? BoshText.End("item-not-found");
                _untold = null;
                return Task.FromResult(end);
            }

            if (number <= _last)
            {
                return AnswerAgain(number);
            }

            // XEP-0124 §14.2
            if (number > _last + _options.BoshRequests)
            {
                return Task.FromResult(EndWith("item-not-found"));
            }

            var request = new BoshRequest(body, number, _time.GetTimestamp());
            if (_held.Count + _early.Count > _options.BoshRequests - (request.IsEnd || request.IsPause ? 0 : 1) || IsTooSoon(request))
            {
                return Task.FromResult(EndWith("policy-violation"));
            }

            _early[number] = request;
            while (!_isOver && _early.Remove(_last + 1, out var next))
            {
                Take(next);
            }

            return request.Answer.Task;
        }
    }

    // XEP-0124 §14.3
    private Task<string> AnswerAgain(long number)
    {
        if (_answers.TryGetValue(number, out var answer))
        {
            return Task.FromResult(answer);
        }

        if (_held.FirstOrDefault(r => r.Number == number) is not { } request)
        {
            return Task.FromResult(EndWith("item-not-found"));
        }

        request.Answer.TrySetResult(BoshText.Wrap(" type='error'"));
        request.Answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        return request.Answer.Task;
    }

    // XEP-0124 §11 and §12
    private bool IsTooSoon(BoshRequest request)
    {
        if (!request.IsEmpty)
        {
            _lastEmpty = null;
            return false;
        }

        var isTooSoon = _lastEmpty is { } before && _time.GetElapsedTime(before.Arrived, request.Arrived) < _options.BoshPolling;
        _lastEmpty = request;
        return isTooSoon;
    }

    private void Take(BoshRequest request)
    {
        _last = request.Number;
        var body = request.Body;
        var pause = NumberOf(body, "pause", otherwise: -1);
        if (!IsKeyRight(body))
        {
            Refuse(request, "item-not-found");
            return;
        }

        if (request.IsPause && pause is < 0 or > LongestPause)
        {
            Refuse(request, pause < 0 ? "bad-request" : "policy-violation");
            return;
        }

        _inactivity.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _held.Enqueue(request);
        if (request.IsRestart)
        {
            _up.Writer.TryWrite(BoshText.StreamStart(body.Attribute("to") ?? _domain, body));
        }
        else
        {
            foreach (var element in body.Elements)
            {
                _up.Writer.TryWrite(XmlStreamWriter.ToText(element));
            }
        }

        if (request.IsEnd)
        {
            _up.Writer.TryWrite("</stream:stream>");
            _up.Writer.TryComplete();
            End(BoshText.End(null));
        }
        else if (request.IsPause)
        {
            while (_held.Count > 0)
            {
                Answer(BoshText.Wrap(""));
            }

            _inactivity.Change(TimeSpan.FromSeconds(pause), Timeout.InfiniteTimeSpan);
        }
        else
        {
            AnswerWhatCanBe();
        }
    }

    private void Refuse(BoshRequest request, string condition)
    {
        _held.Enqueue(request);
        EndWith(condition);
    }

    // XEP-0124 §15.5
    private bool IsKeyRight(XmppElement body)
    {
        var key = body.Attribute("key");
        var isFirst = body.Attribute("sid") is null;
#pragma warning disable CA5350 // The protocol has no other.
        var isRight = isFirst || (key is null
            ? _key is null
            : Convert.ToHexString(SHA1.HashData(Encoding.ASCII.GetBytes(key))).Equals(_key, StringComparison.OrdinalIgnoreCase));
#pragma warning restore CA5350
        _key = body.Attribute("newkey") ?? key;
        return isRight;
    }

    private void AnswerWhatCanBe()
    {
        while (_held.Count > 0 && (_content.Length > 0 || (_held.Count > _hold && _terms is null)))
        {
            Answer();
        }

        if (_held.Count > 0)
        {
            _waiting.Change(_wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void AnswerOldest()
    {
        lock (_gate)
        {
            if (_held.Count > 0)
            {
                Answer();
            }
        }
    }

    private void Answer()
    {
        var answer = BoshText.Wrap($"{_terms}{_attributes}", _content.ToString());
        if (_content.Length > 0)
        {
            _lastEmpty = null;
        }

        (_terms, _attributes) = (null, "");
        _content.Clear();
        Answer(answer);
    }

    private void Answer(string answer)
    {
        var request = _held.Dequeue();
        _answers[request.Number] = answer;
        _answers.Remove(request.Number - _options.BoshRequests);
        request.Answer.TrySetResult(answer);
        if (_held.Count == 0)
        {
            _waiting.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _inactivity.Change(_options.BoshInactivity, Timeout.InfiniteTimeSpan);
        }
    }

    private string EndWith(string condition)
    {
        var answer = BoshText.End(condition);
        End(answer);

        // Whoever is thrown out did not close its stream.
        _up.Writer.TryComplete(new IOException(condition));
        return answer;
    }

    private void End(string answer)
    {
        if (_isOver)
        {
            return;
        }

        // What is there goes first, or with it.
        _isOver = true;
        _untold = _content.Length == 0 ? answer
            : answer.Replace("/>", $" xmlns:stream='{XmppNamespaces.Streams}'>{_content}</body>", StringComparison.Ordinal);
        foreach (var request in _held.Concat(_early.Values))
        {
            request.Answer.TrySetResult(_untold ?? answer);
            _untold = null;
        }

        _held.Clear();
        _early.Clear();
        _over.TrySetResult();
    }

    // Nobody is there any more, on either side.
    private void Lose()
    {
        lock (_gate)
        {
            EndWith("item-not-found");
        }
    }

    private async Task UpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var text in _up.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task DownAsync(CancellationToken cancellationToken)
    {
        var input = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true));
        var reader = NewReader();
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
                var buffer = result.Buffer;
                lock (_gate)
                {
                    while (TryTake(ref reader, ref buffer))
                    {
                        AnswerWhatCanBe();
                    }
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Cut, as what follows says.
        }

        lock (_gate)
        {
            EndWith("remote-connection-failed");
        }
    }

    private bool TryTake(ref XmlStreamReader reader, ref ReadOnlySequence<byte> buffer)
    {
        XmlStreamItem item;
        try
        {
            item = reader.TryRead(ref buffer);
        }
        catch (XmppProtocolException)
        {
            // A fault made it so, and the client is to see it.
            _content.Append(Encoding.UTF8.GetString(buffer));
            buffer = buffer.Slice(buffer.End);
            reader = NewReader();
            return true;
        }

        switch (item)
        {
            case XmlStreamItem.NeedMoreData:
                return false;
            case XmlStreamItem.StreamEnd:
                EndFromServer(null);
                return false;
            case XmlStreamItem.StreamStart:
                var header = reader.Element!;
                _attributes = (_terms is null ? $" xmlns:xmpp='{BoshText.XmppNamespace}'" : "")
                    + BoshText.Attribute("xmpp:version", header.Attribute("version"))
                    + BoshText.Attribute("authid", header.Attribute("id")) + BoshText.Attribute("from", header.Attribute("from"));
                return true;
        }

        if (reader.Element!.Name == StreamError.Name)
        {
            // XEP-0206 §7
            _content.Append(Frames.Of(reader.Element));
            EndFromServer("remote-stream-error");
            return false;
        }

        _content.Append(Frames.Of(reader.Element));
        if (Frames.IsRestart(reader.Element))
        {
            reader = NewReader();
        }

        return true;
    }

    private void EndFromServer(string? condition)
    {
        End(BoshText.End(condition));
        _up.Writer.TryWrite("</stream:stream>");
        _up.Writer.TryComplete();
    }

    private static XmlStreamReader NewReader() => new(new XmlLimits { StanzaBytes = LongestStanza, Depth = 1024, Attributes = 1024 });

    private static int NumberOf(XmppElement body, string name, int otherwise) =>
        int.TryParse(body.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static bool IsEnd(Exception e) => e is IOException or OperationCanceledException or ObjectDisposedException
        or InvalidOperationException or ChannelClosedException;
}
