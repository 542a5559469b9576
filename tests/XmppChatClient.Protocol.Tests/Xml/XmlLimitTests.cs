using System.Buffers;
using System.Text;
using XmppChatClient.Fuzz;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

/// <summary>What a peer may make us hold, and that work and memory grow no faster than what it sends. Nothing is timed:
/// looks at the input and allocated bytes are counted.</summary>
public sealed class XmlLimitTests
{
    private const string Opening = "<s xmlns='u'>";
    private const int BlockSize = 512;

    public static TheoryData<string> LongStanzas { get; } =
    [
        "<a>" + Repeated("&lt;", 524_288) + "</a>",
        "<a>" + new string('x', 524_288) + "</a>",
        "<a>" + Repeated("é\r\n]]", 524_288) + "</a>",
        "<a b='" + Repeated("&#x1F389;", 524_288) + "'/>",
        "<a><![CDATA[" + Repeated("]] > ", 524_288) + "]]></a>",
        "<a>" + Repeated("<b c='/>'/>", 524_288) + "</a>",
        "<a>" + Repeated("<![CDATA[x]]>y", 524_288) + "</a>",
        "<a>" + Repeated("<b xmlns='v'></b>", 524_288) + "</a>",
        "<" + new string('a', 262_144) + "></" + new string('a', 262_144) + ">",
        "<a " + new string(' ', 524_288) + "/>",
    ];

    [Theory]
    [InlineData("<a><b><c/></b></a>", null)]
    [InlineData("<a><b><c><d/></c></b></a>", "depth")]
    [InlineData("<a><b/><b><c></c><c/></b></a>", "number of elements")]
    [InlineData("<a><b/><b><c/></b></a>", null)]
    [InlineData("<a x='1' y='2'/>", null)]
    [InlineData("<a x='1' y='2' z='3'/>", "attributes")]
    [InlineData("<a x='1' y='2' xmlns='v'/>", "attributes")]
    [InlineData("<a xmlns:p='u' xmlns:q='u'><b xmlns:p='v'/><b xmlns:p='w'><c/></b></a>", null)]
    [InlineData("<a xmlns:p='u' xmlns:q='u'><b xmlns:p='v' xmlns:q='v'/></a>", "prefixes")]
    [InlineData("<a xmlns='u1'><b xmlns='u2'><c xmlns:p='u' xmlns:q='u'/></b><b xmlns='u2'/></a>", null)]
    public void Each_limit_holds_at_its_boundary(string xml, string? over)
    {
        var limits = new XmlLimits { StanzaBytes = 200, Depth = 3, Attributes = 2, Elements = 4, Prefixes = 3 };
        var bytes = Encoding.UTF8.GetBytes(xml);
        var refusal = Record.Exception(() => XmppElement.Parse(bytes, limits));
        var stream = OurReading.OfStream(new ReadOnlySequence<byte>([.. Encoding.UTF8.GetBytes(Opening), .. bytes]), limits);
        if (over is null)
        {
            Assert.Null(refusal);
            Assert.Equal(2, stream.Items.Length);
        }
        else
        {
            Assert.Contains(over, Assert.IsType<XmppProtocolException>(refusal).Message, StringComparison.Ordinal);
            Assert.Equal(StreamErrorCondition.PolicyViolation, stream.Refusal);
        }
    }

    [Theory]
    [InlineData(193, true)]
    [InlineData(194, false)]
    public void A_stanza_may_be_as_long_as_the_limit(int text, bool isRead)
    {
        var limits = new XmlLimits { StanzaBytes = 200 };
        var stanza = $"<a>{new string('x', text)}</a>";
        Assert.Equal(isRead ? XmlReadingEnd.Closed : XmlReadingEnd.Refused, OurReading.OfElement(Encoding.UTF8.GetBytes(stanza), limits).End);

        // Each stanza has the limit for itself, and whitespace has none.
        var space = new string(' ', 300);
        var bytes = Encoding.UTF8.GetBytes(Opening + stanza + space + stanza + space);
        var items = isRead ? 3 : 1;
        Assert.Equal(items, OurReading.OfStream(new ReadOnlySequence<byte>(bytes), limits).Items.Length);
        Assert.Equal(items, OurReading.OfPieces(Segments.Cut(bytes, Enumerable.Range(0, bytes.Length)), limits).Items.Length);
    }

    [Theory]
    [InlineData("<a>", "x")]
    [InlineData("<a>", "<b/>")]
    [InlineData("<a>", "&lt;")]
    [InlineData("<a b='", "x")]
    [InlineData("<a ", " ")]
    [InlineData("<", "a")]
    [InlineData("<a><![CDATA[", "]]")]
    [InlineData("<a></a", " ")]
    public void A_stanza_that_never_ends_is_refused_at_the_limit(string beginning, string more)
    {
        var limits = new XmlLimits { StanzaBytes = 10_000 };
        var reader = new XmlStreamReader(limits);
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Opening));
        Assert.Equal(XmlStreamItem.StreamStart, reader.TryRead(ref buffer));
        buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(beginning + Repeated(more, 10_000)));
        var error = Assert.Throws<XmppProtocolException>(() => reader.TryRead(ref buffer));
        Assert.Equal(StreamErrorCondition.PolicyViolation, error.Condition);
    }

    [Theory]
    [InlineData("<stream ")]
    [InlineData("<?xml ")]
    [InlineData("<stream a='")]
    public void A_beginning_that_never_ends_is_refused_at_the_limit(string beginning)
    {
        var bytes = Encoding.UTF8.GetBytes(beginning + new string(' ', 10_000));
        var reading = OurReading.OfStream(new ReadOnlySequence<byte>(bytes), new XmlLimits { StanzaBytes = 10_000 });
        Assert.Equal(StreamErrorCondition.PolicyViolation, reading.Refusal);
    }

    [Fact]
    public void Deep_nesting_is_refused_at_the_first_tag_too_deep()
    {
        // Of a stanza of 246 KiB that is nothing but opening tags, 65 are enough.
        var bytes = Encoding.UTF8.GetBytes(Opening + Repeated("<a>", 3 * 65));
        var reading = OurReading.OfStream(new ReadOnlySequence<byte>(bytes));
        Assert.Equal(StreamErrorCondition.PolicyViolation, reading.Refusal);
        bytes = bytes[..^3];
        Assert.Equal(XmlReadingEnd.Unfinished, OurReading.OfStream(new ReadOnlySequence<byte>(bytes)).End);
    }

    public static TheoryData<string, string> Excess => new()
    {
        { "message", $"<message>{Repeated("<a>", 3 * 70)}{Repeated("</a>", 4 * 70)}</message>" },
        { "presence", $"<presence\n {string.Join(' ', Enumerable.Range(0, 70).Select(i => $"b{i}=''"))}/>" },
        { "iq", $"<c:iq xmlns:c='u'>{Repeated("<a/>", 4 * 150)}</c:iq>" },
        { "message", $"<message>{string.Concat(Enumerable.Range(0, 300).Select(i => $"<a xmlns:p{i}='urn:{i}'>"))}{Repeated("</a>", 4 * 300)}</message>" },
        { "element", $"<{new string('m', 100)}>{Repeated("<a>", 3 * 70)}{Repeated("</a>", 4 * 70)}</{new string('m', 100)}>" },
    };

    [Theory]
    [MemberData(nameof(Excess), DisableDiscoveryEnumeration = true)]
    public void Excess_can_be_passed_over_and_the_stream_goes_on(string kind, string xml)
    {
        foreach (var size in new[] { int.MaxValue, 1000, 7 })
        {
            var reader = new XmlStreamReader(new XmlLimits { Elements = 100 }, passOverExcess: true);
            var items = new List<(XmlStreamItem, string?, string?)>();
            var buffer = ReadOnlySequence<byte>.Empty;
            foreach (var piece in Encoding.UTF8.GetBytes(Opening + xml + "<message><body>next</body></message>").Chunk(size))
            {
                buffer = new ReadOnlySequence<byte>([.. buffer.ToArray(), .. piece]);
                while (reader.TryRead(ref buffer) is var item and not XmlStreamItem.NeedMoreData)
                {
                    items.Add((item, reader.Element?.Name.Namespace, reader.Element?.Name.LocalName));
                }
            }

            Assert.Equal(
                [
                    (XmlStreamItem.StreamStart, "u", "s"),
                    (XmlStreamItem.Refused, XmlStreamReader.RefusedNamespace, kind),
                    (XmlStreamItem.Element, "u", "message"),
                ],
                items);
        }
    }

    [Fact]
    public void What_is_not_well_formed_is_not_passed_over()
    {
        var reader = new XmlStreamReader(null, passOverExcess: true);
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Opening + "<message><a></b></message>"));
        Assert.Equal(XmlStreamItem.StreamStart, reader.TryRead(ref buffer));
        Assert.Equal(
            StreamErrorCondition.NotWellFormed, Assert.Throws<XmppProtocolException>(() => reader.TryRead(ref buffer)).Condition);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_025)]
    public void A_depth_that_recursion_could_not_bear_cannot_be_allowed(int depth) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new XmlLimits { Depth = depth });

    [Fact]
    public void The_deepest_that_can_be_allowed_is_read_printed_and_walked()
    {
        const int Depth = 1_024;
        var xml = Repeated("<a>", 3 * (Depth - 1)) + "<a/>" + Repeated("</a>", 4 * (Depth - 1));
        var element = XmppElement.Parse(Encoding.UTF8.GetBytes(xml), new XmlLimits { Depth = Depth });
        Assert.Equal(xml, element.ToString());
    }

    [Theory]
    [MemberData(nameof(LongStanzas), DisableDiscoveryEnumeration = true)]
    public void Every_byte_is_looked_at_once_though_a_stanza_comes_in_a_thousand_pieces(string xml)
    {
        var reader = new XmlStreamReader(new XmlLimits { StanzaBytes = 600_000, Elements = 100_000 });
        var opening = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Opening));
        Assert.Equal(XmlStreamItem.StreamStart, reader.TryRead(ref opening));
        var blocks = Encoding.UTF8.GetBytes(xml).Chunk(BlockSize).Select(b => new CountedMemory(b)).ToArray();
        for (var given = 1; given < blocks.Length; given++)
        {
            var part = Segments.Of(blocks.Take(given).Select(b => b.Whole));
            Assert.Equal(XmlStreamItem.NeedMoreData, reader.TryRead(ref part));
        }

        var whole = Segments.Of(blocks.Select(b => b.Whole));
        Assert.Equal(XmlStreamItem.Element, reader.TryRead(ref whole));

        // Once to find the end, once to take it out, and some for the first: not once for each piece that came.
        Assert.InRange(blocks.Max(b => b.Looks), 1, 8);
    }

    [Theory]
    [MemberData(nameof(LongStanzas), DisableDiscoveryEnumeration = true)]
    public void Memory_is_in_proportion_to_the_stanza(string xml)
    {
        var bytes = Encoding.UTF8.GetBytes(xml);
        var limits = new XmlLimits { StanzaBytes = 600_000, Elements = 100_000 };
        var before = GC.GetAllocatedBytesForCurrentThread();
        XmppElement.Parse(bytes, limits);

        // The most is an element with its arrays for the 11 bytes of "<b c='/>'/>".
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20L * bytes.Length);
    }

    [Fact]
    public void A_body_of_references_is_read_whole()
    {
        var body = new string('<', 131_072);
        var element = XmppElement.Parse(
            Encoding.UTF8.GetBytes("<body>" + Repeated("&lt;", 524_288) + "</body>"), new XmlLimits { StanzaBytes = 600_000 });
        Assert.Equal(body, element.Text);
    }

    private static string Repeated(string text, int length) => new StringBuilder().Insert(0, text, length / Encoding.UTF8.GetByteCount(text)).ToString();

    private sealed class CountedMemory : MemoryManager<byte>
    {
        private readonly byte[] _bytes;

        public CountedMemory(byte[] bytes)
        {
            _bytes = bytes;
            Whole = CreateMemory(bytes.Length);
        }

        /// <summary>Unlike <see cref="MemoryManager{T}.Memory"/>, to ask for it is not to look.</summary>
        public ReadOnlyMemory<byte> Whole { get; }

        public int Looks { get; private set; }

        public override Span<byte> GetSpan()
        {
            Looks++;
            return _bytes;
        }

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin() => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
        }
    }
}
