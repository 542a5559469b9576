using System.Buffers;
using System.Text;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

public sealed class XmlSegmentsTests
{
    private const string Login =
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
        + " \n<message from='a@b' type=\"chat\"><body>h&#xE4;&lt;<![CDATA[<x>]]>ü🎉</body><active xmlns='urn:x'/></message>\t<presence/></stream:stream>";

    [Fact]
    public void Empty_segments_end()
    {
        foreach (var (before, at) in new[] { (true, 22), (false, 22), (true, 140) })
        {
            var bytes = Encoding.UTF8.GetBytes(Login);
            var first = new Segment(before ? ReadOnlyMemory<byte>.Empty : bytes.AsMemory(0, at));
            var last = before
                ? first.Then(bytes.AsMemory(0, at)).Then(default).Then(bytes.AsMemory(at))
                : first.Then(default).Then(default).Then(bytes.AsMemory(at));
            var buffer = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
            Assert.Equal(Expected(), ReadAll(new XmlStreamReader(), ref buffer));
        }
    }

    [Fact]
    public void Every_split_equals_no_split()
    {
        var bytes = Encoding.UTF8.GetBytes(Login);
        for (var at = 1; at < bytes.Length; at++)
        {
            var reader = new XmlStreamReader();
            var head = new ReadOnlySequence<byte>(bytes, 0, at);
            var items = ReadAll(reader, ref head);
            var rest = new ReadOnlySequence<byte>(bytes, at - (int)head.Length, bytes.Length - at + (int)head.Length);
            string[] all = [.. items, .. ReadAll(reader, ref rest)];
            Assert.Equal(Expected(), all);
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE x>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<!-- c -->", StreamErrorCondition.RestrictedXml)]
    [InlineData("<?pi x?>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a>&nbsp;</a>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a>&#0;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#65\0;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='&#x41\0;'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#xD800;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>\u0001</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>\uFFFE</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>]]></a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='<'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='1' b='2'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='1'c='2'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b=1/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a></b>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<1a/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a:b:c/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<p:a/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a xmlns:p=''/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a xmlns:xml='urn:x'/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("text", StreamErrorCondition.BadFormat)]
    [InlineData("<![CDATA[x]]>", StreamErrorCondition.BadFormat)]
    public void Forbidden_XML_is_refused(string xml, StreamErrorCondition condition)
    {
        var bytes = Encoding.UTF8.GetBytes("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>" + xml);
        var buffer = new ReadOnlySequence<byte>(bytes);
        var reader = new XmlStreamReader();
        Assert.Equal(XmlStreamItem.StreamStart, reader.TryRead(ref buffer));
        var error = Assert.Throws<XmppProtocolException>(() => reader.TryRead(ref buffer));
        Assert.Equal(condition, error.Condition);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    public void Invalid_UTF_8_is_refused(byte[] bytes) => Assert.Throws<XmppProtocolException>(
        () => XmppElement.Parse([.. "<a>"u8, .. bytes, .. "</a>"u8]));

    [Fact]
    public void Limits_hold_at_their_boundary()
    {
        var limits = new XmlLimits { StanzaBytes = 200, Depth = 3, Attributes = 2, Elements = 4 };
        XmppElement.Parse("<a><b><c/></b></a>"u8, limits);
        AssertTooMuch("<a><b><c><d/></c></b></a>", limits);
        XmppElement.Parse("<a x='1' y='2'/>"u8, limits);
        AssertTooMuch("<a x='1' y='2' z='3'/>", limits);
        AssertTooMuch("<a><b/><b/><b/><b/></a>", limits);
        AssertTooMuch($"<a>{new string('x', 200)}</a>", limits);

        // A stanza that never ends is refused at the limit, not when memory is.
        var reader = new XmlStreamReader(limits);
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes("<s xmlns='u'><a>" + new string('x', 200)));
        Assert.Equal(XmlStreamItem.StreamStart, reader.TryRead(ref buffer));
        var error = Assert.Throws<XmppProtocolException>(() => reader.TryRead(ref buffer));
        Assert.Equal(StreamErrorCondition.PolicyViolation, error.Condition);
    }

    [Fact]
    public void Content_of_any_kind_round_trips()
    {
        const string Xml = "<a xmlns='urn:a' x='&lt;&apos;&#10;' xml:lang='de'>t<b xmlns='urn:b'>&amp;ü🎉</b>u<c/> </a>";
        Assert.Equal(Xml, XmppElement.Parse(Xml).ToString());
    }

    private static void AssertTooMuch(string xml, XmlLimits limits) => Assert.Equal(
        StreamErrorCondition.PolicyViolation,
        Assert.Throws<XmppProtocolException>(() => XmppElement.Parse(Encoding.UTF8.GetBytes(xml), limits)).Condition);

    private static string[] Expected()
    {
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Login));
        var items = ReadAll(new XmlStreamReader(), ref buffer);
        Assert.Equal(4, items.Length);
        Assert.Contains("<body>hä&lt;&lt;x&gt;ü🎉</body>", items[1], StringComparison.Ordinal);
        return items;
    }

    private static string[] ReadAll(XmlStreamReader reader, ref ReadOnlySequence<byte> buffer)
    {
        var items = new List<string>();
        while (true)
        {
            switch (reader.TryRead(ref buffer))
            {
                case XmlStreamItem.NeedMoreData:
                    return [.. items];
                case XmlStreamItem.StreamEnd:
                    items.Add("end");
                    return [.. items];
                default:
                    items.Add(reader.Element!.ToString());
                    break;
            }
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
