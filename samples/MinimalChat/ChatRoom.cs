namespace MinimalChat;

/// <summary>The last messages. Everybody, by whatever transport, reads behind the last one seen; who is too slow misses the oldest.</summary>
internal sealed class ChatRoom(IHostApplicationLifetime lifetime)
{
    public const int MostBytes = 8_192, MostKept = 256;
    private readonly Queue<(long Number, Guid Visitor, string Text)> _kept = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Last { get; private set; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(); // behind all of an earlier process
    public bool IsClosing => lifetime.ApplicationStopping.IsCancellationRequested;

    public void Say(Guid visitor, string text)
    {
        lock (_kept)
        {
            _kept.Enqueue((++Last, visitor, string.Concat(text.Take(MostBytes).Select(c => c is '\n' or >= ' ' and <= '\uFFFD' ? c : ' '))));
            if (_kept.Count > MostKept)
                _kept.Dequeue();
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task<bool> SayAsync(Guid visitor, Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostBytes + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length is > 0 and <= MostBytes)
            Say(visitor, Encoding.UTF8.GetString(buffer, 0, length));
        return length <= MostBytes;
    }

    /// <summary>What others said behind that number, and the number to ask with next: at once, or when there is something.</summary>
    public async Task<(long Seen, string[] Texts)> ReadAsync(long seen, Guid visitor, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var more = _more.Task;
        if (Find(seen, visitor).Texts.Length == 0)
            await more.WaitAsync(patience, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Find(seen, visitor);
    }

    private (long Seen, string[] Texts) Find(long seen, Guid visitor)
    {
        lock (_kept)
            return (Last, [.. _kept.Where(m => m.Number > seen && m.Visitor != visitor).Select(m => m.Text)]);
    }
}
