using System.Globalization;
using Microsoft.Extensions.Logging;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.Bosh;

/// <summary>A session that has begun: keeps no more requests under way than the server allows and one whenever somebody waits for what
/// comes, sends again what gets lost, and hands out answers in the order of the requests (XEP-0124).</summary>
internal sealed partial class BoshSession : IDisposable
{
    // An answer that others have overtaken is on its way, or lost.
    private static readonly TimeSpan Overtaken = TimeSpan.FromSeconds(2);

    // What comes in one answer is often answered at once: that then needs no second request.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(10);

    // ejabberd (23.01, 24.12) does not go on with a request that has overtaken the one before it.
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(25);

    // Of timers.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(2);

    // A server that holds nothing although it should is not asked all the time.
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);

    // As many of the longest answers may wait for a reader that stands still, while what is sent is answered.
    private const int MostWaiting = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly BoshHttp _http;
    private readonly BoshWriter _writer;
    private readonly BoshTerms _terms;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly ILogger _logger;
    private readonly Func<bool> _isSending;
    private readonly Action<XmppException> _failed;
    private readonly CancellationTokenSource _life = new();
    private readonly ITimer _asking;
    private readonly Queue<BoshRequest> _window = new();
    private readonly Queue<(XmppElement Element, int Size)> _elements = new();
    private TaskCompletionSource? _arrival;
    private TaskCompletionSource? _room;
    private XmppException? _fault;
    private bool _isOver;
    private bool _isClosing;
    private bool _isDue;
    private long _restsUntil;
    private long? _failingSince;
    private long _waiting;
    private string? _version;

    /// <param name="first">What the session began with.</param>
    /// <param name="isSending">Whether there is something to send, so that a request comes anyway.</param>
    /// <param name="failed">Called once when it has ended.</param>
    public BoshSession(
        BoshHttp http, BoshWriter writer, BoshTerms terms, BoshBody first, XmppClientOptions options, ILogger logger,
        Func<bool> isSending, Action<XmppException> failed)
    {
        _http = http;
        _writer = writer;
        _terms = terms;
        _time = options.TimeProvider;
        _patience = options.Timeouts.Connect < terms.Inactivity ? options.Timeouts.Connect : terms.Inactivity;
        _logger = logger;
        _isSending = isSending;
        _failed = failed;
        _asking = _time.CreateTimer(static s => ((BoshSession)s!).Ask(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            Take(first);
            Settle();
        }
    }

    /// <summary>Whether it has ended, whoever ended it.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _isOver;
            }
        }
    }

    /// <summary>Waits for what a new stream begins with.</summary>
    /// <returns>The version of XMPP that the server speaks, as it says; the first element is not taken.</returns>
    /// <exception cref="XmppException">It ended instead.</exception>
    public async ValueTask<string?> OpenedAsync(CancellationToken cancellationToken)
    {
        await ArrivalAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (!_elements.TryPeek(out var first))
            {
                throw _fault ?? new XmppConnectionException($"{_http.Name} ended the BOSH session instead of opening a stream.");
            }

            var element = first.Element;
            if (element.Name == StreamError.Name && StreamError.Read(element) is { } error)
            {
                throw new XmppStreamException(error);
            }

            // XEP-0206 §5: who does not say it sends features, or is too old.
            var version = _version ?? (element.Name.Namespace == XmppNamespaces.Streams ? "1.0" : null);
            _version = null;
            return version;
        }
    }

    /// <returns><see langword="null"/> when the server ended the session in good order.</returns>
    /// <exception cref="XmppException">It ended otherwise.</exception>
    public async ValueTask<XmppElement?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_elements.TryDequeue(out var next))
                {
                    var wasFull = IsFull;
                    _waiting -= next.Size;
                    if (wasFull && !IsFull)
                    {
                        Settle();
                    }

                    return next.Element;
                }

                if (_isOver)
                {
                    return _fault is null ? null : throw Gone();
                }
            }

            await ArrivalAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends elements. Ends when they are under way.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> elements) =>
        BeginAsync(extra: 0, isEmpty: false, acknowledged => _writer.Wrap(elements.Span, acknowledged));

    /// <summary>Begins a new stream.</summary>
    public Task RestartAsync(string to, string? from) =>
        BeginAsync(extra: 0, isEmpty: false, acknowledged => _writer.Restart(to, from, acknowledged));

    /// <summary>Ends the session. The server's answer is the end of <see cref="ReceiveAsync"/>.</summary>
    public async Task TerminateAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isOver || _isClosing)
            {
                return;
            }
        }

        // XEP-0124 §11: one more than otherwise.
        await BeginAsync(extra: 1, isEmpty: false, acknowledged =>
        {
            _isClosing = true;
            return _writer.Terminate("", acknowledged);
        }).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells a server that broke the protocol what it did, and ends the session there. Nothing where it did not.</summary>
    public async Task ReportAsync(StreamError error, CancellationToken cancellationToken)
    {
        byte[] report;
        lock (_gate)
        {
            if (_fault is not XmppProtocolException || _isClosing)
            {
                return;
            }

            _isClosing = true;
            report = _writer.Terminate(XmlStreamWriter.ToText(error), acknowledged: null);
        }

        await _http.PostAsync(report, written: null, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            End(new XmppConnectionException("The connection is closed."));
        }

        _life.Cancel();
        _asking.Dispose();
        _http.Dispose();
    }

    private XmppException Gone() => _fault is XmppConnectionException ? new XmppConnectionException(_fault.Message, _fault) : _fault!;

    private async ValueTask ArrivalAsync(CancellationToken cancellationToken)
    {
        Task arrival;
        lock (_gate)
        {
            if (_elements.Count > 0 || _isOver)
            {
                return;
            }

            _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival = _arrival.Task;
            Settle();
        }

        try
        {
            await arrival.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _arrival = null;
            }

            throw;
        }
    }

    private async Task BeginAsync(int extra, bool isEmpty, Func<long?, byte[]> write)
    {
        while (true)
        {
            Task room;
            var rest = TimeSpan.Zero;
            lock (_gate)
            {
                if (_isOver || _isClosing)
                {
                    throw _fault is null ? new XmppConnectionException($"{_http.Name} has ended the BOSH session.") : Gone();
                }

                if (_terms.IsPolling && extra == 0)
                {
                    rest = Rest();
                }

                if (rest <= TimeSpan.Zero && _window.Count < _terms.Requests + extra)
                {
                    Begin(isEmpty, write);
                    return;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await (rest > TimeSpan.Zero ? Task.Delay(rest, _time, _life.Token) : room).ConfigureAwait(false);
        }
    }

    // Held back: the server is asked when its time has come.
    private void Begin(bool isEmpty, Func<long?, byte[]> write)
    {
        _isDue = false;
        _asking.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var number = _writer.Next;
        var bytes = write(_window.TryPeek(out var oldest) ? oldest.Number - 1 : null);
        var before = _window.LastOrDefault();
        var request = new BoshRequest(number, bytes, isEmpty, _terms.Wait + _patience);
        _window.Enqueue(request);
        // The server answers what it holds above what it may hold.
        if (_window.Count > _terms.Hold && oldest is not null)
        {
            oldest.Hurry(_patience);
        }

        _ = RunAsync(request, before);
    }

    private void Ask()
    {
        lock (_gate)
        {
            // It may have been late, and another time have come in between.
            if (!_isDue || _window.Count > 0 || _isOver || _isClosing)
            {
                return;
            }

            if (Rest() > Tolerance || _isSending())
            {
                Settle();
            }
            else
            {
                Begin(isEmpty: true, acknowledged => _writer.Wrap([], acknowledged));
            }
        }
    }

    private bool IsFull => _waiting >= _http.Longest;

    /// <summary>Sees to it that the server is asked for what there is: at once when somebody waits for it, and otherwise before it
    /// takes us for gone. A reader that is busy so holds the server up; where one answer more could not be kept, until it goes on,
    /// even if the server takes us for gone by then.</summary>
    private void Settle()
    {
        if (_window.Count > 0 || _isOver || _isClosing || IsFull)
        {
            return;
        }

        var latest = _terms.Inactivity / 2;
        var rest = _arrival is null ? latest : Rest();
        _isDue = true;
        _asking.Change(rest < AnswerTime ? AnswerTime : rest < latest ? rest : latest, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Rest() => _restsUntil == 0 ? TimeSpan.Zero : _time.GetElapsedTime(_time.GetTimestamp(), _restsUntil);

    // The server measures from when the request arrived, which is no later than now.
    private void RestFromNow()
    {
        var rest = _terms.Polling > ShortestRest ? _terms.Polling : ShortestRest;
        _restsUntil = _time.GetTimestamp() + (long)(rest.TotalSeconds * _time.TimestampFrequency);
    }

    private async Task RunAsync(BoshRequest request, BoshRequest? before)
    {
        // Whoever called holds the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var pause = TimeSpan.Zero;
        try
        {
            await FollowAsync(before).ConfigureAwait(false);
            while (!await TryAsync(request).ConfigureAwait(false))
            {
                await Task.Delay(pause, _time, _life.Token).ConfigureAwait(false);
                pause = pause == TimeSpan.Zero ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
                await FollowAsync(before).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_life.IsCancellationRequested)
        {
            // Nobody waits any more.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(new XmppConnectionException($"The BOSH session at {_http.Name} failed: {e.Message}", e));
        }
    }

    /// <summary>Waits until the request before has had the time to arrive first.</summary>
    private async ValueTask FollowAsync(BoshRequest? before)
    {
        while (before is not null)
        {
            Task written;
            TimeSpan rest;
            lock (_gate)
            {
                written = before.Written.Task;
                rest = written.IsCompleted ? Spacing - _time.GetElapsedTime(before.WrittenAt) : TimeSpan.Zero;
                if (before.Answer is not null || (written.IsCompleted && rest <= TimeSpan.Zero))
                {
                    return;
                }
            }

            await (written.IsCompleted ? Task.Delay(rest, _time, _life.Token) : written.WaitAsync(_life.Token)).ConfigureAwait(false);
        }
    }

    private void Wrote(BoshRequest request)
    {
        lock (_gate)
        {
            request.Wrote(_time.GetTimestamp());
        }
    }

    /// <returns><see langword="false"/> when it is to be sent again.</returns>
    private async ValueTask<bool> TryAsync(BoshRequest request)
    {
        using var attempt = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Token, _life.Token);
        lock (_gate)
        {
            request.Attempt = attempt;
            attempt.CancelAfter(request.Limit);
        }

        var began = _time.GetTimestamp();
        var isCut = true;
        BoshAnswer answer;
        try
        {
            answer = await _http.PostAsync(request.Bytes, () => Wrote(request), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_life.IsCancellationRequested)
        {
            answer = BoshAnswer.Lost($"{_http.Name} did not answer within {request.Limit.TotalSeconds:0.#} s");
            isCut = false;
        }
        finally
        {
            lock (_gate)
            {
                request.Attempt = null;
            }
        }

        return Judge(request, answer, isCut ? _time.GetElapsedTime(began) : TimeSpan.Zero);
    }

    /// <param name="held">How long it took the other side to answer, or to cut the connection.</param>
    private bool Judge(BoshRequest request, BoshAnswer answer, TimeSpan held)
    {
        XmppException? fault;
        lock (_gate)
        {
            if (_isOver)
            {
                return true;
            }

            if (IsForgotten(request, answer))
            {
                answer = BoshAnswer.Of(new BoshBody(new XmppElement(BoshNames.Body), [], Size: 0));
            }

            fault = answer switch
            {
                { Body: { } body } => ProblemOf(request, body),
                { Condition: { } condition } => BoshEnd.Of(condition, answer.Error!.Message),
                _ => answer.Error,
            };
            if (fault is null && answer.Body!.Type != "error")
            {
                _failingSince = null;
                request.Take(answer.Body);
                TakeInOrder();
                return true;
            }

            if (fault is null || answer.IsLost)
            {
                var now = _time.GetTimestamp();
                if (_failingSince is null || (held >= _patience && request.Written.Task.IsCompleted))
                {
                    // What was held for so long had arrived, whatever had been before: this is a trouble of its own.
                    _failingSince = now;
                }

                if (_time.GetElapsedTime(_failingSince.Value, now) < _patience)
                {
                    if (fault is null)
                    {
                        // XEP-0124 §17.3: all before it that are not answered too.
                        HurryBefore(request);
                    }

                    request.Lose();
                    LogAgain(fault is null ? "the server asks for it" : fault.Message);
                    return false;
                }

                fault ??= new XmppConnectionException($"{_http.Name} goes on asking for a request that it got.");
            }
        }

        Fail(fault);
        return true;
    }

    /// <summary>Whether Prosody says that it knows nothing any more of a request that it never answered.</summary>
    private bool IsForgotten(BoshRequest request, BoshAnswer answer) => _terms.IsProsody && request.WasLost
        && answer.Body is { IsEnd: true } body && body.Wrapper.Attribute("condition") == "item-not-found"
        && _window.Any(r => r.Number > request.Number && r.Written.Task.IsCompleted);

    private void HurryBefore(BoshRequest request)
    {
        foreach (var earlier in _window.Where(r => r.Number < request.Number && r.Answer is null))
        {
            earlier.Attempt?.CancelAfter(TimeSpan.Zero);
        }
    }

    private XmppProtocolException? ProblemOf(BoshRequest request, BoshBody body)
    {
        var problem = body.Wrapper switch
        {
            var w when w.Attribute("sid") is { } id && id != _terms.Id => $"of another session, sid='{PeerText.OneLine(id)}'",
            var w when w.Attribute("rid") is { } number && number != request.Number.ToString(CultureInfo.InvariantCulture) =>
                $"to another request, rid='{PeerText.OneLine(number)}'",
            var w when w.Attribute("type") is { } type and not ("terminate" or "error") => $"of an unknown type, '{PeerText.OneLine(type)}'",
            _ => null,
        };
        return problem is null ? null : new XmppProtocolException(
            StreamErrorCondition.BadFormat, $"{_http.Name} sent a BOSH body {problem}.");
    }

    private void TakeInOrder()
    {
        while (!_isOver && _window.TryPeek(out var oldest) && oldest.Answer is { } body)
        {
            _window.Dequeue();
            Take(body);
            if (_isOver)
            {
                return;
            }

            // Asked twice in a row for nothing: the server holds nothing.
            if (_terms.IsPolling || (oldest.IsEmpty && body.Elements.Count == 0))
            {
                RestFromNow();
            }
            else
            {
                _restsUntil = 0;
            }

            var room = _room;
            _room = null;
            room?.TrySetResult();
        }

        if (_window.TryPeek(out var missing) && _window.Any(r => r.Answer is not null))
        {
            missing.Hurry(Overtaken);
        }

        Settle();
    }

    private void Take(BoshBody body)
    {
        _version = body.Wrapper.Attributes.ToArray().FirstOrDefault(a => a.Name == BoshNames.Version).Value ?? _version;
        XmppElement[] elements = [.. BoshEnd.ContentOf(body)];
        foreach (var element in elements)
        {
            var size = ((body.Size - 1) / elements.Length) + 1;
            _waiting += size;
            _elements.Enqueue((element, size));
        }

        if (body.IsEnd)
        {
            // Whatever it says of a session that we have ended ourselves.
            End(_isClosing ? null : BoshEnd.Of(body, _http.Name));
        }
        else if (_waiting > (long)_http.Longest * MostWaiting)
        {
            // Requests that carry something cannot be held back: whoever reads may be waiting for whoever sends. In the next session the
            // server says again what was not acknowledged.
            End(new XmppConnectionException(
                $"{_http.Name} answered with more than {(long)_http.Longest * MostWaiting} bytes that nobody has read yet."));
        }
        else if (_isClosing && _window.Count == 0)
        {
            End(null);
        }
        else if (_elements.Count > 0)
        {
            var arrival = _arrival;
            _arrival = null;
            arrival?.TrySetResult();
        }
    }

    private void Fail(XmppException fault)
    {
        lock (_gate)
        {
            End(fault);
        }
    }

    private void End(XmppException? fault)
    {
        if (_isOver)
        {
            return;
        }

        (_isOver, _fault) = (true, fault);
        _asking.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var (arrival, room) = (_arrival, _room);
        (_arrival, _room) = (null, null);
        arrival?.TrySetResult();
        room?.TrySetResult();
        _failed(fault ?? new XmppConnectionException($"{_http.Name} has ended the BOSH session."));
    }

    [LoggerMessage(EventId = 14, Level = LogLevel.Debug, Message = "A request over BOSH is sent again: {Reason}")]
    private partial void LogAgain(string reason);
}
