using System.IO.Pipelines;
using System.Text;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Streams;

/// <summary>What is to be written to one connection, bounded, in order. Adding never blocks; a task writes while there is
/// something to write, and an idle connection has neither task nor buffer.</summary>
internal sealed class OutboundQueue(Stream stream, int capacity, Action<Exception> failed)
{
    private readonly Lock _lock = new();
    private readonly Queue<object> _waiting = new();
    private Stream _stream = stream;
    private TaskCompletionSource? _drained;
    private bool _writing;
    private bool _closed;

    /// <summary>Adds an element, or text that is written as it is.</summary>
    /// <returns>Whether there was room. What comes after the end is dropped.</returns>
    public bool TryAdd(object item)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return true;
            }

            if (_waiting.Count >= capacity)
            {
                return false;
            }

            _waiting.Enqueue(item);
            if (!_writing)
            {
                _writing = true;
                ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.WriteAsync(), this, preferLocal: false);
            }

            return true;
        }
    }

    /// <summary>Takes nothing more; what was added is still written.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _closed = true;
        }
    }

    /// <summary>Ends when everything added so far is written, or writing has failed.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            return _writing
                ? (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }
    }

    /// <summary>Writes to another stream from here on. Nothing may be under way.</summary>
    public void SwitchTo(Stream other) => _stream = other;

    private static void Write(PipeWriter output, XmlStreamWriter xml, object item)
    {
        if (item is string text)
        {
            Encoding.UTF8.GetBytes(text, output);
        }
        else
        {
            ((IXmlWritable)item).Write(xml);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            var output = PipeWriter.Create(_stream, new StreamPipeWriterOptions(leaveOpen: true));
            var xml = new XmlStreamWriter(output, XmppNamespaces.Client);
            while (TryTake() is { } item)
            {
                Write(output, xml, item);
                if (output.UnflushedBytes >= 16_384 || IsLast())
                {
                    await output.FlushAsync().ConfigureAwait(false);
                }
            }

            await output.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail();
            failed(e);
        }
    }

    private object? TryTake()
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out var item))
            {
                return item;
            }

            _writing = false;
            _drained?.SetResult();
            _drained = null;
            return null;
        }
    }

    private bool IsLast()
    {
        lock (_lock)
        {
            return _waiting.Count == 0;
        }
    }

    private void Fail()
    {
        lock (_lock)
        {
            _closed = true;
            _waiting.Clear();
            _writing = false;
            _drained?.SetResult();
            _drained = null;
        }
    }
}
