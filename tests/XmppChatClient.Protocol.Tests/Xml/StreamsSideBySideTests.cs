using System.Buffers;
using System.Text;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

/// <summary>Streams share what their readers have learned, and nothing of what they said.</summary>
public sealed class StreamsSideBySideTests
{
    [Fact]
    public void Streams_that_take_turns_keep_their_own_namespaces()
    {
        var first = new XmlStreamReader();
        var second = new XmlStreamReader();
        var third = new XmlStreamReader();
        Read(first, "<s:stream xmlns='urn:a' xmlns:s='urn:s' xmlns:x='urn:x1'>");
        Read(second, "<s:stream xmlns='urn:b' xmlns:s='urn:s' xmlns:x='urn:x2'>");
        Read(third, "<s:stream xmlns='urn:a' xmlns:s='urn:s'>");
        for (var turn = 0; turn < 2; turn++)
        {
            Assert.Equal("urn:a", Read(first, "<e/>").Name.Namespace);
            Assert.Equal("urn:b", Read(second, "<e/>").Name.Namespace);
            Assert.Equal("urn:x1", Read(first, "<x:e/>").Name.Namespace);
            Assert.Equal("urn:x2", Read(second, "<x:e/>").Name.Namespace);
        }

        Assert.Throws<XmppProtocolException>(() => Read(third, "<x:e/>"));
        Assert.Equal("urn:x1", Read(first, "<x:e/>").Name.Namespace);
    }

    [Fact]
    public void Streams_that_take_turns_are_closed_by_their_own_tags()
    {
        var first = new XmlStreamReader();
        var second = new XmlStreamReader();
        Read(first, "<s:stream xmlns='urn:a' xmlns:s='urn:s'>");
        Read(second, "<t:stream xmlns='urn:a' xmlns:t='urn:s'>");
        Assert.Equal(XmlStreamItem.StreamEnd, Next(first, "</s:stream>"));
        Assert.Throws<XmppProtocolException>(() => Next(second, "</s:stream>"));
    }

    [Fact]
    public void Limits_of_a_stream_hold_after_another_stream_was_allowed_more()
    {
        const string Opening = "<s:stream xmlns='urn:a' xmlns:s='urn:s'>";
        const string Element = "<e a='' b='' c='' d='' e='' f='' g='' h='' i=''/>";
        var generous = new XmlStreamReader(new XmlLimits { Attributes = 9 });
        var strict = new XmlStreamReader(new XmlLimits { Attributes = 8 });
        Read(generous, Opening);
        Read(strict, Opening);
        Read(generous, Element);
        Assert.Equal(
            StreamErrorCondition.PolicyViolation,
            Assert.Throws<XmppProtocolException>(() => Read(strict, Element)).Condition);
        Read(generous, Element);
    }

    [Fact]
    public void Stream_that_stopped_within_an_element_leaves_nothing_to_another()
    {
        var first = new XmlStreamReader();
        var second = new XmlStreamReader();
        Read(first, "<s:stream xmlns='urn:a' xmlns:s='urn:s'>");
        Assert.Equal(XmlStreamItem.NeedMoreData, Next(first, "<e xmlns='urn:inner' xmlns:i='urn:i'>text<i:f/>"));
        Read(second, "<s:stream xmlns='urn:b' xmlns:s='urn:s'>");
        Assert.Equal("<e xmlns=\"urn:b\"/>", Read(second, "<e/>").ToString().Replace('\'', '"'));
        Assert.Throws<XmppProtocolException>(() => Read(second, "<i:e/>"));
    }

    private static XmppElement Read(XmlStreamReader reader, string xml)
    {
        Assert.NotEqual(XmlStreamItem.NeedMoreData, Next(reader, xml));
        var read = reader.Element!;
        Assert.Equal(XmlStreamItem.NeedMoreData, Next(reader, ""));
        return read;
    }

    private static XmlStreamItem Next(XmlStreamReader reader, string xml)
    {
        var bytes = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(xml));
        return reader.TryRead(ref bytes);
    }
}
