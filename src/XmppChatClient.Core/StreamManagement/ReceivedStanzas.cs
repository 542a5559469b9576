namespace XmppChatClient.StreamManagement;

/// <summary>What came in one session, and what of it is dealt with (XEP-0198 §4): all up to some stanza, and perhaps some behind
/// it. Any thread.</summary>
/// <param name="start">Where the count begins: 0, but for a session that an earlier process has begun.</param>
internal sealed class ReceivedStanzas(uint start = 0)
{
    // Who answered something else than what was asked last has heard a little less.
    private const ulong Spare = 256;

    // Of those that the server was told of.
    private const int MostTold = 10_000;
    private const int MostAsked = 64;

    private readonly Lock _gate = new();

    // Dealt with, although something before it is not.
    private readonly HashSet<ulong> _early = [];
    private readonly Queue<(ulong Number, MessageKey Key)> _messages = new();
    private ulong _handled;
    private ulong _received;
    private ulong _highest;
    private ulong _told;

    // What the server was told before it was asked something that it has not answered.
    private readonly Queue<ulong> _asked = new();
    private ulong _heard;

    /// <summary>How many are dealt with, one after the other.</summary>
    public uint Handled
    {
        get
        {
            lock (_gate)
            {
                return Count(_handled);
            }
        }
    }

    /// <summary>How many are dealt with and the server does not know it.</summary>
    public ulong Untold
    {
        get
        {
            lock (_gate)
            {
                return _handled - _told;
            }
        }
    }

    /// <summary>Whether much of what the server was told may not have reached it: nothing answers that, so it is to be asked
    /// something else.</summary>
    public bool IsInDoubt
    {
        get
        {
            lock (_gate)
            {
                return _told - _heard >= Spare;
            }
        }
    }

    /// <summary>The messages that the server may deliver again, as it may not know that they are dealt with.</summary>
    public IReadOnlyList<MessageKey> Redeliverable
    {
        get
        {
            lock (_gate)
            {
                return [.. _messages.Select(m => m.Key)];
            }
        }
    }

    /// <summary>A stanza is coming in.</summary>
    /// <param name="number">Which it is in this session, from 1.</param>
    /// <returns><see langword="false"/> for one that came before the connection was lost, and comes again only because it was
    /// not dealt with then.</returns>
    public bool TryBegin(out ulong number)
    {
        lock (_gate)
        {
            number = _received + 1;
            return number > _highest;
        }
    }

    /// <summary>The stanza that is coming in is in our hands.</summary>
    /// <param name="key">What to know it by, if it is a message.</param>
    /// <param name="isHandled">Whether that is all that counts.</param>
    public void End(MessageKey? key, bool isHandled)
    {
        lock (_gate)
        {
            _received++;
            if (_received > _highest)
            {
                _highest = _received;
                if (key is { } known)
                {
                    _messages.Enqueue((_received, known));
                }
            }

            if (isHandled)
            {
                Handle(_received);
            }
        }
    }

    /// <summary>A stanza is dealt with. Once more is no harm.</summary>
    public void Handle(ulong number)
    {
        lock (_gate)
        {
            if (number <= _handled || !_early.Add(number))
            {
                return;
            }

            while (_early.Remove(_handled + 1))
            {
                _handled++;
            }
        }
    }

    /// <summary>The server is being told how many are dealt with.</summary>
    public uint Tell()
    {
        lock (_gate)
        {
            _told = _handled;
            Forget();
            return Count(_told);
        }
    }

    /// <summary>Behind what it was told, the server is being asked something that it answers in order.</summary>
    public void Asked()
    {
        lock (_gate)
        {
            if (_asked.Count < MostAsked)
            {
                _asked.Enqueue(_told);
            }
        }
    }

    /// <summary>The server answers what it was asked first.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            if (_asked.TryDequeue(out var heard))
            {
                _heard = heard;
                Forget();
            }
        }
    }

    /// <summary>The session goes on over another connection, where the server sends again all but what we told it is dealt
    /// with.</summary>
    /// <param name="handled">What it was told when it was asked to resume.</param>
    public void Resume(uint handled)
    {
        lock (_gate)
        {
            // It may be more by now; the server counts from what it was told.
            _received = _handled - unchecked(Count(_handled) - handled);
            _asked.Clear();
            _told = _heard = _received;
            Forget();
        }
    }

    /// <summary>What the server counts when it is told that this one is dealt with.</summary>
    public uint Count(ulong number) => unchecked(start + (uint)number);

    private void Forget()
    {
        while (_messages.TryPeek(out var message)
            && (message.Number + Spare <= _heard || (message.Number <= _told && _messages.Count > MostTold)))
        {
            _messages.Dequeue();
        }
    }
}
