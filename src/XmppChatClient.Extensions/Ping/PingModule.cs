using XmppChatClient.Modules;
using XmppChatClient.Stanzas;

namespace XmppChatClient.Ping;

/// <summary>XMPP ping (XEP-0199 v2.0.1): answers pings, asks others, and asks the server when it has been silent for long,
/// so that a dead connection is found out.</summary>
public sealed class PingModule : IXmppModule, IDisposable
{
    private readonly Lock _gate = new();
    private XmppClient? _client;
    private ITimer? _timer;

    /// <summary>How long the server may be silent before it is asked whether it is there. Default 60 s; less than 24 days;
    /// <see cref="Timeout.InfiniteTimeSpan"/> never asks. Shorter finds a dead link sooner and wakes radios more often. A server that
    /// says after how long without a word from us it takes us for gone (XEP-0478) is asked something before.</summary>
    /// <exception cref="ArgumentException">No timer takes that.</exception>
    public TimeSpan Interval
    {
        get;
        set => field = value == Timeout.InfiniteTimeSpan ? value : Checked(value, "Ping:Interval");
    } = TimeSpan.FromSeconds(60);

    /// <summary>How long it may take to answer before the connection counts as lost. Default 15 s; less than 24 days.
    /// </summary>
    /// <exception cref="ArgumentException">No timer takes that.</exception>
    public TimeSpan AnswerTimeout
    {
        get;
        set => field = Checked(value, "Ping:AnswerTimeout");
    } = TimeSpan.FromSeconds(15);

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        module
            .OnIq<PingRequest>(IqType.Get, (_, _, _) => new ValueTask<IPayload?>((IPayload?)null))
            .OnSessionStart(_ =>
            {
                Watch();
                return ValueTask.CompletedTask;
            })
            .OnSessionEnd(StopWatching);
    }

    /// <summary>Asks somebody, or our server, whether they are there.</summary>
    /// <param name="to">Whom; <see langword="null"/> for the server.</param>
    /// <param name="timeout">Default as of any request.</param>
    /// <returns>How long the answer took. An answer that says they know no ping is one too (XEP-0199 §4.2).</returns>
    /// <exception cref="XmppStanzaException">They cannot be reached.</exception>
    /// <exception cref="XmppTimeoutException">No answer came.</exception>
    public async Task<TimeSpan> PingAsync(
        Jid? to = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var client = _client ?? throw new InvalidOperationException("This module belongs to no client yet.");
        var start = client.TimeProvider.GetTimestamp();
        try
        {
            await client.RequestAsync(new Iq(IqType.Get, new PingRequest()) { To = to }, timeout, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (XmppStanzaException e) when (e.Error.Condition is StanzaErrorCondition.FeatureNotImplemented
            || (e.Error.Condition is StanzaErrorCondition.ServiceUnavailable && to?.Resource is null))
        {
            // Whoever says so is there.
        }

        return client.TimeProvider.GetElapsedTime(start);
    }

    public void Dispose() => StopWatching();

    // The message begins with the option's name as configuration writes it, as in XmppClientOptions.Validate.
    private static TimeSpan Checked(TimeSpan value, string option) => value > TimeSpan.Zero && value < TimeSpan.FromDays(24)
        ? value
        : throw new ArgumentException($"{option} must be more than zero and less than 24 days.");

    private void Watch()
    {
        if (Interval == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        lock (_gate)
        {
            _timer?.Dispose();
            _timer = _client!.TimeProvider.CreateTimer(
                static module => _ = ((PingModule)module!).CheckAsync(), this, Next(TimeSpan.Zero), Timeout.InfiniteTimeSpan);
        }
    }

    private void WatchOn(TimeSpan silent)
    {
        lock (_gate)
        {
            _timer?.Change(Next(silent), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>How long until the next look.</summary>
    private TimeSpan Next(TimeSpan silent)
    {
        var next = Interval - silent;
        if (LongestPause is not { } pause)
        {
            return next;
        }

        // What has not come in time, over a connection that is lost, is for the next one.
        var word = pause - Paused;
        word = word > TimeSpan.Zero ? word : pause;
        return word < next ? word : next;
    }

    /// <summary>How long we may send nothing: half of what the server bears, which leaves time for the way there.</summary>
    private TimeSpan? LongestPause => _client!.StreamLimits?.Idle / 2;

    private TimeSpan Paused => _client!.TimeProvider.GetElapsedTime(_client.LastSent);

    private void StopWatching()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private async Task AskServerAsync(XmppClient client)
    {
        var asked = client.TimeProvider.GetTimestamp();
        try
        {
            // A component knows no address of its server's; what it asks itself comes by way of the server, and so does the answer.
            await PingAsync(client.IsComponent ? client.Jid : null, AnswerTimeout).ConfigureAwait(false);
        }
        catch (XmppStanzaException)
        {
            // Whatever the error says, the server is there to say it.
        }
        catch (XmppTimeoutException) when (client.LastReceived > asked)
        {
            // It owes us an answer, but a connection that brings other things is not dead.
        }
    }

    private async Task CheckAsync()
    {
        var client = _client!;
        var silent = client.TimeProvider.GetElapsedTime(client.LastReceived);
        var silence = silent;
        try
        {
            if (silent >= Interval || Paused >= LongestPause)
            {
                // Of a connection that is lost already there is nothing to find out.
                if (client.State == SessionState.Online)
                {
                    await AskServerAsync(client).ConfigureAwait(false);
                }

                silent = TimeSpan.Zero;
            }

            WatchOn(silent);
        }
        catch (XmppTimeoutException)
        {
            await client.AbortAsync(new XmppTimeoutException(
                $"The server was silent for {silence.TotalSeconds:0} s and did not answer a ping within "
                + $"{AnswerTimeout.TotalSeconds:0.#} s; the connection counts as lost.")).ConfigureAwait(false);

            // The session may go on over the next one.
            WatchOn(TimeSpan.Zero);
        }
        catch (XmppException)
        {
            // The session has ended, and with it this watch.
        }
    }
}
