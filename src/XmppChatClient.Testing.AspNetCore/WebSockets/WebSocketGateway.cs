using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.WebSockets;

/// <summary>Between a WebSocket of framed elements (RFC 7395) and a stream of the test server's (RFC 6120): all but what opens
/// and closes the stream passes as it is.</summary>
/// <param name="socket">The client's.</param>
/// <param name="stream">The client's end of its connection to the server.</param>
/// <param name="abort">Cuts the WebSocket.</param>
internal sealed class WebSocketGateway(WebSocket socket, Stream stream, Action abort)
{
    // What the server does not take in any case.
    private const int LongestMessage = 16 * 1024 * 1024;

    // How long the client may take to close the WebSocket after us.
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(2);

    // No element is written so: the server finds it malformed.
    private static readonly byte[] Malformed = [.. "<>"u8];

    private readonly XmlDocumentReader _reader = new(new XmlLimits { StanzaBytes = LongestMessage, Depth = 1024, Attributes = 1024 });
    private volatile bool _mayOpen = true;
    private bool _isClosed;

    /// <summary>Ends when the connection is over, whichever side ended it.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var up = UpAsync(over.Token);
        var down = DownAsync(over.Token);
        var first = await Task.WhenAny(up, down).ConfigureAwait(false);
        if (await first.ConfigureAwait(false))
        {
            over.CancelAfter(ClosingTime);
            await Task.WhenAll(up, down).ConfigureAwait(false);
        }

        await over.CancelAsync().ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
        await up.ConfigureAwait(false);
        if (!await down.ConfigureAwait(false))
        {
            abort();
        }
    }

    /// <returns>Whether the client closed its stream.</returns>
    private async Task<bool> UpAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(message.GetMemory(4096), cancellationToken).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return _isClosed;
                }

                if (part.MessageType == WebSocketMessageType.Binary)
                {
                    await CloseAsync(WebSocketCloseStatus.InvalidMessageType, cancellationToken).ConfigureAwait(false);
                    return false;
                }

                message.Advance(part.Count);
                if (part.EndOfMessage || message.WrittenCount > LongestMessage)
                {
                    await stream.WriteAsync(Unframed(message.WrittenMemory), cancellationToken).ConfigureAwait(false);
                    message.ResetWrittenCount();
                }
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            return _isClosed;
        }
    }

    /// <returns>Whether the server closed its stream.</returns>
    private async Task<bool> DownAsync(CancellationToken cancellationToken)
    {
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var reader = new XmlStreamReader(new XmlLimits { StanzaBytes = LongestMessage, Depth = 1024, Attributes = 1024 });
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
                var buffer = result.Buffer;
                while (TryFrame(ref reader, ref buffer, out var message))
                {
                    if (message is null)
                    {
                        await SendAsync(Frames.Close, cancellationToken).ConfigureAwait(false);
                        await CloseAsync(WebSocketCloseStatus.NormalClosure, cancellationToken).ConfigureAwait(false);
                        return true;
                    }

                    await SendAsync(message, cancellationToken).ConfigureAwait(false);
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    return false;
                }
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            return false;
        }
    }

    // Null at the stream's end.
    private bool TryFrame(ref XmlStreamReader reader, ref ReadOnlySequence<byte> buffer, out string? message)
    {
        message = null;
        XmlStreamItem item;
        try
        {
            item = reader.TryRead(ref buffer);
        }
        catch (XmppProtocolException)
        {
            // A fault made it so, and the client is to see it.
            message = Encoding.UTF8.GetString(buffer);
            buffer = buffer.Slice(buffer.End);
            reader = new XmlStreamReader();
            return true;
        }

        switch (item)
        {
            case XmlStreamItem.NeedMoreData:
                return false;
            case XmlStreamItem.StreamEnd:
                return true;
            case XmlStreamItem.StreamStart:
                message = Frames.Open(reader.Element!);
                return true;
            default:
                message = Frames.Of(reader.Element!);
                if (Frames.IsRestart(reader.Element!))
                {
                    // RFC 6120 §6.4.6: what follows is another stream.
                    _mayOpen = true;
                    reader = new XmlStreamReader();
                }

                return true;
        }
    }

    private ReadOnlyMemory<byte> Unframed(ReadOnlyMemory<byte> message)
    {
        XmppElement element;
        try
        {
            element = _reader.Read(message.Span);
        }
        catch (XmppProtocolException)
        {
            return Malformed;
        }

        if (element.Name == Frames.CloseName)
        {
            _isClosed = true;
            return Frames.StreamEnd;
        }

        if (element.Name != Frames.OpenName)
        {
            return message;
        }

        if (!_mayOpen)
        {
            return Malformed;
        }

        _mayOpen = false;
        return Frames.StreamStart(element);
    }

    private ValueTask SendAsync(string message, CancellationToken cancellationToken) => socket.SendAsync(
        Encoding.UTF8.GetBytes(message).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private Task CloseAsync(WebSocketCloseStatus status, CancellationToken cancellationToken) =>
        socket.CloseOutputAsync(status, null, cancellationToken);

    private static bool IsEnd(Exception e) => e is WebSocketException or IOException or OperationCanceledException
        or ObjectDisposedException or InvalidOperationException;
}
