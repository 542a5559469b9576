using System.Diagnostics.CodeAnalysis;

namespace XmppChatClient.Session;

/// <summary>Requests of ours that wait for an answer.</summary>
internal sealed class IqTracker
{
    private readonly Lock _gate = new();

    // Only while there are any: most clients wait for nothing most of the time.
    private Dictionary<string, Pending>? _pending;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _pending?.Count ?? 0;
            }
        }
    }

    /// <summary>Whether any does.</summary>
    public bool AnyWaits() => Volatile.Read(ref _pending) is not null;

    /// <summary>Waits for the answer to a request. Call <see cref="Forget"/> with both when done, however it ended.</summary>
    /// <exception cref="InvalidOperationException">A request with that id waits already.</exception>
    public Task<Iq> Expect(string id, Jid? to)
    {
        var pending = new Pending(to);
        lock (_gate)
        {
            _pending ??= new Dictionary<string, Pending>(StringComparer.Ordinal);
            return _pending.TryAdd(id, pending)
                ? pending.Answer.Task
                : throw new InvalidOperationException($"A request with the id '{id}' is waiting for its answer already.");
        }
    }

    /// <summary>Waits no longer. A later request may have the same id by now; that one is left alone.</summary>
    public void Forget(string id, Task<Iq> answer)
    {
        lock (_gate)
        {
            if (TryFind(id, out var pending) && pending.Answer.Task == answer)
            {
                Remove(id);
            }
        }
    }

    /// <summary>Takes an answer to whoever waits for it.</summary>
    /// <param name="iq">A result or an error.</param>
    /// <param name="self">Our full address.</param>
    /// <returns><see langword="false"/> when nobody asked this of that sender.</returns>
    public bool TryComplete(Iq iq, Jid self)
    {
        Pending? pending;
        lock (_gate)
        {
            // RFC 6120 §8.2.3 makes a reply carry our id; we also require its sender: anyone can guess an id.
            if (iq.Id is not { } id || !TryFind(id, out pending) || !MayAnswer(iq.From, pending.To, self))
            {
                return false;
            }

            Remove(id);
        }

        return pending.Answer.TrySetResult(iq);
    }

    /// <summary>Ends every wait.</summary>
    public void FailAll(Func<XmppException> error)
    {
        Dictionary<string, Pending>? failed;
        lock (_gate)
        {
            (failed, _pending) = (_pending, null);
        }

        foreach (var pending in failed?.Values ?? Enumerable.Empty<Pending>())
        {
            pending.Answer.TrySetException(error());
        }
    }

    private bool TryFind(string id, [NotNullWhen(true)] out Pending? pending)
    {
        pending = null;
        return _pending?.TryGetValue(id, out pending) == true;
    }

    private void Remove(string id)
    {
        _pending!.Remove(id);
        if (_pending.Count == 0)
        {
            _pending = null;
        }
    }

    // RFC 6120 §8.1.2.1 and §10.3.3: what is asked of our account or of nobody is answered by the server for the account,
    // from our bare address, from our full one, or without a sender; some servers put their domain.
    private static bool MayAnswer(Jid? from, Jid? to, Jid self)
    {
        if (to is null)
        {
            return from is null || from == self || from == self.Bare || IsOwnDomain(from, self);
        }

        return from == to || (from is null && (to == self.Bare || to == self || IsOwnDomain(to, self)));
    }

    private static bool IsOwnDomain(Jid jid, Jid self) =>
        jid.Local is null && jid.Resource is null && jid.Domain == self.Domain;

    private sealed class Pending(Jid? to)
    {
        public Jid? To { get; } = to;

        public TaskCompletionSource<Iq> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
