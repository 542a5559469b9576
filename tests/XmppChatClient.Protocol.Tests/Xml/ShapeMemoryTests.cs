using System.Buffers;
using System.Text;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

public sealed class ShapeMemoryTests
{
    // A stream may keep the shapes of 1,024 times 4 tags, and the one it has read last.
    private const int Most = (1024 * 4) + 1;

    [Fact]
    public void Tags_that_nobody_writes_any_more_are_forgotten()
    {
        var reader = new XmlStreamReader();
        Read(reader, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>");
        var seen = new List<WeakReference>();
        for (var i = 0; i < 5 * Most; i++)
        {
            seen.Add(ReadTwice(reader, $"<x{i}/>"));
        }

        GC.Collect();
        Assert.InRange(seen.Count(s => s.IsAlive), 1, Most);
        GC.KeepAlive(reader);
    }

    [Fact]
    public void Tag_that_is_not_kept_is_not_copied()
    {
        // Of the attributes' names, which are nearly all of this tag, texts are kept of two bytes a character, and their bytes
        // in the table of names.
        const int Long = 100_000;
        var bytes = Encoding.UTF8.GetBytes($"<p:a xmlns:p='u' {new string('n', Long)}='' {new string('m', Long)}=''/>");
        XmppElement.Parse(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        XmppElement.Parse(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 6 * Long, 7 * Long);
    }

    // An element without attributes is kept with its tag's shape.
    private static WeakReference ReadTwice(XmlStreamReader reader, string tag)
    {
        Read(reader, tag);
        return new WeakReference(Read(reader, tag));
    }

    private static XmppElement? Read(XmlStreamReader reader, string xml)
    {
        var bytes = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(xml));
        Assert.NotEqual(XmlStreamItem.NeedMoreData, reader.TryRead(ref bytes));
        return reader.Element;
    }
}
