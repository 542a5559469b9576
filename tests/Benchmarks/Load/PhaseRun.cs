using System.Buffers;
using System.Diagnostics;

namespace Benchmarks.Load;

/// <summary>One phase under way: keeps its window full, and notes when the echo of each message comes. Its caller sees to it
/// that nothing happens at once.</summary>
internal sealed class PhaseRun(Phase phase, MessageWriter messages)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long[] _sentAt = new long[phase.Messages];
    private readonly long[] _took = new long[phase.Messages];
    private int _sent;

    public Task Done => _done.Task;

    public int Echoed { get; private set; }

    /// <summary>Messages that were no echo, or one that had come already.</summary>
    public int Unexpected { get; private set; }

    /// <summary>Writes what there is room for in the window.</summary>
    public void Fill(IBufferWriter<byte> output)
    {
        var room = Math.Min(phase.Messages, Echoed + phase.Window);
        var now = Stopwatch.GetTimestamp();
        for (; _sent < room; _sent++)
        {
            _sentAt[_sent] = now;
            messages.Write(_sent, output);
        }
    }

    /// <param name="message">What came from the bot.</param>
    /// <param name="now">When it did, by <see cref="Stopwatch"/>.</param>
    public void Take(ReadOnlySpan<byte> message, long now)
    {
        var number = MessageWriter.NumberOf(message);
        if (number < 0 || number >= _sent || _took[number] > 0)
        {
            Unexpected++;
            return;
        }

        // Never 0, which says that it has not come.
        _took[number] = Math.Max(1, now - _sentAt[number]);
        if (++Echoed == phase.Messages)
        {
            _done.TrySetResult();
        }
    }

    /// <summary>How long the echoes took that came, in microseconds and in order.</summary>
    public double[] Latencies() =>
        [.. _took.Where(ticks => ticks > 0).Select(ticks => ticks * 1e6 / Stopwatch.Frequency).Order()];
}
