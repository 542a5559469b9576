namespace XmppChatClient.Transports.Bosh;

/// <summary>A request that was sent, until it is answered and all before it are.</summary>
/// <param name="number">Its rid.</param>
/// <param name="bytes">What was sent, for sending it again as it was.</param>
/// <param name="isEmpty">Whether it only asks for what there is.</param>
internal sealed class BoshRequest(long number, byte[] bytes, bool isEmpty, TimeSpan limit)
{
    public long Number { get; } = number;

    public byte[] Bytes { get; } = bytes;

    public bool IsEmpty { get; } = isEmpty;

    /// <summary>How long an attempt may take before its answer counts as lost.</summary>
    public TimeSpan Limit { get; private set; } = limit;

    /// <summary>The attempt under way.</summary>
    public CancellationTokenSource? Attempt { get; set; }

    public BoshBody? Answer { get; private set; }

    /// <summary>Whether it was sent more than once.</summary>
    public bool WasLost { get; private set; }

    /// <summary>Ends when it is on its way, or answered. Another one begins when it was lost.</summary>
    public TaskCompletionSource Written { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When that was.</summary>
    public long WrittenAt { get; private set; }

    public void Wrote(long now)
    {
        WrittenAt = now;
        Written.TrySetResult();
    }

    public void Lose()
    {
        WasLost = true;
        if (Written.Task.IsCompleted)
        {
            Written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Take(BoshBody answer)
    {
        Answer = answer;
        Written.TrySetResult();
    }

    /// <summary>There is no reason any more why the answer should take so long.</summary>
    public void Hurry(TimeSpan limit)
    {
        if (limit < Limit)
        {
            Limit = limit;
            Attempt?.CancelAfter(limit);
        }
    }
}
