using System.IO.Pipelines;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.TestUsers;

/// <summary>A test user's stream: sends text and elements, and keeps what comes.</summary>
internal sealed class UserStream : IAsyncDisposable
{
    // A test that sends more than this without the server reading has other trouble.
    private const int LongestQueue = 100_000;

    private readonly Stream _stream;
    private readonly TimeProvider _clock;
    private readonly OutboundQueue _output;
    private readonly Task _reading;

    /// <param name="clock">That of waits for what the server does.</param>
    public UserStream(Stream stream, TimeProvider clock)
    {
        _stream = stream;
        _clock = clock;
        Unread = new UnreadStanzas(clock);
        _output = new OutboundQueue(stream, LongestQueue, Unread.End);
        _reading = ReadAsync();
    }

    public UnreadStanzas Unread { get; }

    /// <param name="item">An element, or text that is sent as it is.</param>
    /// <exception cref="TimeoutException">The server did not read it in time.</exception>
    public async Task SendAsync(object item, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!_output.TryAdd(item))
        {
            throw new TestServerException($"More than {LongestQueue} stanzas wait to be sent.");
        }

        await _output.DrainAsync().WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the stream, and waits until the server has closed it too: everybody has been told by then.</summary>
    /// <exception cref="TimeoutException">It did not in time.</exception>
    public async Task CloseAsync(TimeSpan timeout)
    {
        _output.TryAdd(StreamText.End);
        await _reading.WaitAsync(timeout, _clock).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
    }

    private async Task ReadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var input = PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));
            var reader = new XmlStreamReader();
            while (true)
            {
                var result = await input.ReadAsync().ConfigureAwait(false);
                var buffer = result.Buffer;
                while (reader.TryRead(ref buffer) is var item and not XmlStreamItem.NeedMoreData)
                {
                    if (item == XmlStreamItem.StreamEnd)
                    {
                        Unread.End(new TestServerException("The server closed the stream."));
                        return;
                    }

                    Take(item, reader.Element!);
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted)
                {
                    Unread.End(new TestServerException("The server cut the connection."));
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or XmppProtocolException)
        {
            Unread.End(new TestServerException($"The connection is over: {e.Message}", e));
        }
        finally
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Take(XmlStreamItem item, XmppElement element)
    {
        if (item == XmlStreamItem.StreamStart)
        {
            return;
        }

        Unread.Add(element);
        if (element.Name == StreamError.Name)
        {
            Unread.End(new TestServerException($"The server ended the stream: {StreamError.Read(element)}."));
        }
    }
}
