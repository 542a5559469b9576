using System.Net;
using System.Text;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests.Proxies;

/// <summary>A dialer that reaches a proxy which answers the same whatever it is told, so many bytes at a time.</summary>
internal sealed class CannedProxy(byte[] answer, int atOnce = int.MaxValue) : Stream, IStreamDialer
{
    private readonly MemoryStream _sent = new();
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _read;

    public CannedProxy(string answer, int atOnce = int.MaxValue)
        : this(Encoding.Latin1.GetBytes(answer), atOnce)
    {
    }

    /// <summary>Whether it says nothing more when all is said, instead of ending.</summary>
    public bool StaysOpen { get; init; }

    public IPEndPoint? Dialed { get; private set; }

    public byte[] Sent => _sent.ToArray();

    public string SentText => Encoding.Latin1.GetString(Sent);

    /// <summary>Ends when all was read and more is waited for.</summary>
    public Task Waiting => _waiting.Task;

    public Task Disposed => _disposed.Task;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        Dialed = address;
        return new(this);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(Math.Min(atOnce, buffer.Length), answer.Length - _read);
        if (count == 0 && StaysOpen)
        {
            _waiting.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        answer.AsMemory(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _sent.Write(buffer.Span);
        return default;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        _disposed.TrySetResult();
        base.Dispose(disposing);
    }
}
