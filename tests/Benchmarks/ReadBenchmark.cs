using System.IO.Pipelines;
using System.Xml;
using System.Xml.Linq;
using BenchmarkDotNet.Attributes;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace Benchmarks;

/// <summary>Bytes to stanzas, against the platform's reader and elements on the same bytes. One operation is one stanza.
/// </summary>
[MemoryDiagnoser]
public abstract class ReadBenchmark(string stanza, int count)
{
    private readonly StanzaReader _stanzas = new();
    private byte[] _bytes = [];

    [GlobalSetup]
    public void Setup()
    {
        _bytes = Inputs.Stream(stanza, count);
        if (ReadOurs() != count || ReadTheirs() != count)
        {
            throw new InvalidOperationException("A reader did not read all of it.");
        }
    }

    /// <summary>As a session does.</summary>
    protected int ReadOurs()
    {
        var pipe = PipeReader.Create(
            new ChunkStream(_bytes), new StreamPipeReaderOptions(bufferSize: 16_384, minimumReadSize: 4096));
        var reader = new XmlStreamReader();
        var read = 0;
        while (true)
        {
            // Never waits: the stream has its bytes.
            var result = pipe.ReadAsync().AsTask().GetAwaiter().GetResult();

            var buffer = result.Buffer;
            XmlStreamItem item;
            while (!buffer.IsEmpty && (item = reader.TryRead(ref buffer)) != XmlStreamItem.NeedMoreData)
            {
                if (item == XmlStreamItem.StreamEnd)
                {
                    pipe.Complete();
                    return read;
                }

                read += item == XmlStreamItem.Element && _stanzas.Read(reader.Element!, out _) is not null ? 1 : 0;
            }

            pipe.AdvanceTo(buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>As a program without us would: the stream's children one by one.</summary>
    protected int ReadTheirs()
    {
        using var reader = XmlReader.Create(
            new ChunkStream(_bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        reader.MoveToContent();
        reader.Read();
        var read = 0;
        while (reader.NodeType == XmlNodeType.Element)
        {
            read += XNode.ReadFrom(reader) is XElement ? 1 : 0;
        }

        return read;
    }
}
