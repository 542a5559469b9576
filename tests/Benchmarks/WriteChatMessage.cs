using System.Buffers;
using System.Text;
using System.Xml.Linq;
using BenchmarkDotNet.Attributes;
using XmppChatClient;
using XmppChatClient.Xml;

namespace Benchmarks;

/// <summary>A reply to bytes, against building an XElement and printing it.</summary>
[MemoryDiagnoser]
public class WriteChatMessage
{
    private static readonly XNamespace Client = "jabber:client";

    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly Jid _to = Jid.Parse("juliet@capulet.example/balcony");
    private XmlStreamWriter _writer = null!;
    private Message _message = null!;

    [GlobalSetup]
    public void Setup()
    {
        _writer = new XmlStreamWriter(_output, "jabber:client");
        _message = new Message { To = _to, Id = "e4b8c0d2a7", Type = MessageType.Chat, Body = "Wherefore art thou Romeo, Romeo?" };
        if (XmppElement.Parse(Build()).ToString() != XmppElement.Parse(_message.ToString()).ToString())
        {
            throw new InvalidOperationException("The two write different messages.");
        }
    }

    /// <summary>The message is there already.</summary>
    [Benchmark]
    public int Write()
    {
        _output.ResetWrittenCount();
        _message.Write(_writer);
        return _output.WrittenCount;
    }

    /// <summary>The message is made too.</summary>
    [Benchmark]
    public int MakeAndWrite()
    {
        _output.ResetWrittenCount();
        new Message { To = _to, Id = "e4b8c0d2a7", Type = MessageType.Chat, Body = "Wherefore art thou Romeo, Romeo?" }
            .Write(_writer);
        return _output.WrittenCount;
    }

    [Benchmark(Baseline = true)]
    public int BuildAndPrintXElement() => Build().Length;

    private byte[] Build() => Encoding.UTF8.GetBytes(
        new XElement(
            Client + "message",
            new XAttribute("to", _to.ToString()),
            new XAttribute("id", "e4b8c0d2a7"),
            new XAttribute("type", "chat"),
            new XElement(Client + "body", "Wherefore art thou Romeo, Romeo?")).ToString(SaveOptions.DisableFormatting));
}
