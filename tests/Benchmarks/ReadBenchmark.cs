using System.Buffers;
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
    private byte[] _buffer = [];

    [GlobalSetup]
    public void Setup()
    {
        _bytes = Inputs.Stream(stanza, count);
        _buffer = new byte[stanza.Length + (2 * ChunkStream.ChunkBytes)];
        if (ReadOurs() != count || ReadTheirs() != count)
        {
            throw new InvalidOperationException("A reader did not read all of it.");
        }
    }

    /// <summary>As a session does: what came is read, and what is not whole yet waits for the next piece.</summary>
    protected int ReadOurs()
    {
        using var stream = new ChunkStream(_bytes);
        var reader = new XmlStreamReader();
        var length = 0;
        var read = 0;
        while (true)
        {
            length += stream.Read(_buffer.AsSpan(length));
            var came = new ReadOnlySequence<byte>(_buffer, 0, length);
            XmlStreamItem item;
            while (!came.IsEmpty && (item = reader.TryRead(ref came)) != XmlStreamItem.NeedMoreData)
            {
                if (item == XmlStreamItem.StreamEnd)
                {
                    return read;
                }

                read += item == XmlStreamItem.Element && _stanzas.Read(reader.Element!, out _) is not null ? 1 : 0;
            }

            var rest = (int)came.Length;
            _buffer.AsSpan(length - rest, rest).CopyTo(_buffer);
            length = rest;
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
