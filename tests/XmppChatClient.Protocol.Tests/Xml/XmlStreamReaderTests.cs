using System.Buffers;
using System.Text;
using XmppChatClient.Fuzz;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

/// <summary>The stream around the stanzas (RFC 6120 §4 and §11).</summary>
public sealed class XmlStreamReaderTests
{
    private const string Opening = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

    [Theory]
    [InlineData("<?xml version='1.0'?>")]
    [InlineData("<?xml version=\"1.0\"?>\r\n")]
    [InlineData("<?xml version='1.0' encoding='UTF-8'?>")]
    [InlineData("<?xml version='1.0' encoding='utf-8' standalone='no' ?>")]
    [InlineData("<?xml\r\n\tversion = '1.0'\nstandalone = \"yes\"?>")]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    public void Stream_begins_with_a_declaration_or_without(string declaration)
    {
        var reading = Read(declaration + Opening + "<presence/>");
        Assert.Equal(["<http://etherx.jabber.org/streams|stream>", "<jabber:client|presence>"], reading.Items);
        Assert.Equal(XmlReadingEnd.Unfinished, reading.End);
    }

    [Theory]
    [InlineData("<?xml?>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<?xml ?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?xml version='1.1'?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?xml version='1.0\"?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?xml version=1.0?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?xml encoding='utf-8'?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?xml encoding='utf-8' version='1.0'?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?xml version='1.0'encoding='utf-8'?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?xml version='1.0' standalone='maybe'?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?xml version='1.0' x='1'?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?XML version='1.0'?>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<?xml-stylesheet href='x'?>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<?xml version='1.0'?><?xml version='1.0'?>", StreamErrorCondition.RestrictedXml)]
    [InlineData(" <?xml version='1.0'?>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<?xml version='1.0' encoding='ISO-8859-1'?>", StreamErrorCondition.UnsupportedEncoding)]
    [InlineData("<?xml version='1.0' encoding='UTF-16'?>", StreamErrorCondition.UnsupportedEncoding)]
    [InlineData("<?xml version='1.0' encoding='utf8'?>", StreamErrorCondition.UnsupportedEncoding)]
    [InlineData("<?xml version='1.0' encoding='&#117;tf-8'?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("\uFEFF", StreamErrorCondition.NotWellFormed)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", StreamErrorCondition.NotWellFormed)]
    [InlineData("<!DOCTYPE stream>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<!-- hello -->", StreamErrorCondition.RestrictedXml)]
    [InlineData("</stream:stream>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<stream:stream/>", StreamErrorCondition.NotWellFormed)]
    public void Wrong_beginning_is_refused(string beginning, StreamErrorCondition condition) =>
        AssertRefused(beginning + Opening, condition, items: 0);

    [Theory]
    [InlineData("<stream:stream xmlns:stream='u' a='1' a='2'>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<stream:stream>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<stream:stream xmlns:stream=''>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<stream:stream xmlns:stream='u' a='&nbsp;'>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<1>", StreamErrorCondition.NotWellFormed)]
    public void Wrong_opening_tag_is_refused(string opening, StreamErrorCondition condition) =>
        AssertRefused(opening, condition, items: 0);

    [Theory]
    [InlineData("</stream:stream>")]
    [InlineData("</stream:stream >")]
    [InlineData(" \n</stream:stream\r\n>")]
    [InlineData("</stream:stream>what follows is not read")]
    public void Closing_tag_ends_the_stream(string end) => Assert.Equal(XmlReadingEnd.Closed, Read(Opening + end).End);

    [Theory]
    [InlineData("</stream>")]
    [InlineData("</stream:streams>")]
    [InlineData("</ stream:stream>")]
    [InlineData("</stream:stream x='1'>")]
    [InlineData("</>")]
    public void Wrong_closing_tag_is_refused(string end) =>
        AssertRefused(Opening + end, StreamErrorCondition.NotWellFormed, items: 1);

    [Fact]
    public void Nothing_is_read_after_the_end()
    {
        var reader = new XmlStreamReader();
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Opening + "</stream:stream><a/>"));
        Assert.Equal(XmlStreamItem.StreamStart, reader.TryRead(ref buffer));
        Assert.Equal(XmlStreamItem.StreamEnd, reader.TryRead(ref buffer));
        Assert.Null(reader.Element);
        Assert.Equal("<a/>", Encoding.UTF8.GetString(buffer));
        Assert.Throws<InvalidOperationException>(() => reader.TryRead(ref buffer));
    }

    [Fact]
    public void Keepalive_whitespace_is_taken_and_nothing_else_is()
    {
        var reader = new XmlStreamReader();
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Opening + " \r\n\t "));
        Assert.Equal(XmlStreamItem.StreamStart, reader.TryRead(ref buffer));
        Assert.Equal(XmlStreamItem.NeedMoreData, reader.TryRead(ref buffer));
        Assert.Equal(0, buffer.Length);
        buffer = new ReadOnlySequence<byte>(" <a"u8.ToArray());
        Assert.Equal(XmlStreamItem.NeedMoreData, reader.TryRead(ref buffer));
        Assert.Equal("<a", Encoding.UTF8.GetString(buffer));
    }

    [Fact]
    public void Bytes_behind_an_item_are_left_for_the_next_reader()
    {
        // After <proceed/> and after SASL's <success/> another stream begins with another reader (RFC 6120 §5.4.3.3, §6.4.6).
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(
            Opening + "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + "<?xml version='1.0'?>" + Opening + "<presence/>"));
        var first = new XmlStreamReader();
        Assert.Equal(XmlStreamItem.StreamStart, first.TryRead(ref buffer));
        Assert.Equal(XmlStreamItem.Element, first.TryRead(ref buffer));
        Assert.Equal("proceed", first.Element!.Name.LocalName);
        var second = new XmlStreamReader();
        Assert.Equal(XmlStreamItem.StreamStart, second.TryRead(ref buffer));
        Assert.Equal(XmlStreamItem.Element, second.TryRead(ref buffer));
        Assert.Equal("presence", second.Element!.Name.LocalName);
    }

    [Fact]
    public void A_restart_on_the_same_reader_is_refused() => AssertRefused(
        Opening + "<?xml version='1.0'?>" + Opening, StreamErrorCondition.RestrictedXml, items: 1);

    [Fact]
    public void A_stream_inside_the_stream_is_an_element_that_does_not_end() =>
        Assert.Equal(XmlReadingEnd.Unfinished, Read(Opening + Opening + "</stream:stream>" + Opening).End);

    [Fact]
    public void Prefixes_of_the_stream_hold_in_its_stanzas_and_stanzas_leave_none()
    {
        var reading = Read(
            "<stream:stream xmlns='jabber:client' xmlns:stream='s' xmlns:p='one'>"
            + "<p:a/><p:a xmlns:p='two' xmlns='three'><p:b/><b/></p:a><p:a/><b/><stream:features/>");
        Assert.Equal(
            [
                "<s|stream>", "<one|a>", "<two|a<two|b><three|b>>", "<one|a>", "<jabber:client|b>", "<s|features>",
            ],
            reading.Items);
    }

    [Fact]
    public void Opening_tag_keeps_its_attributes()
    {
        var reader = new XmlStreamReader();
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(
            "<stream:stream from='example.org' id='++TR84Sm6A3hnt3Q065SnAbbk3Y=' version='1.0' xml:lang='en' xmlns='jabber:client' "
            + "xmlns:stream='http://etherx.jabber.org/streams'>"));
        Assert.Equal(XmlStreamItem.StreamStart, reader.TryRead(ref buffer));
        Assert.Equal(new XmlName(XmppNamespaces.Streams, "stream"), reader.Element!.Name);
        Assert.Equal("++TR84Sm6A3hnt3Q065SnAbbk3Y=", reader.Element.Attribute("id"));
        Assert.Equal("en", reader.Element.Language);
        Assert.Equal(4, reader.Element.Attributes.Length);
    }

    private static XmlReading Read(string xml) => OurReading.OfStream(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(xml)));

    private static void AssertRefused(string xml, StreamErrorCondition condition, int items)
    {
        var bytes = Encoding.UTF8.GetBytes(xml);
        var whole = OurReading.OfStream(new ReadOnlySequence<byte>(bytes));
        Assert.Equal((XmlReadingEnd.Refused, condition, items), (whole.End, whole.Refusal, whole.Items.Length));
        Assert.Equal(whole, OurReading.OfPieces(Segments.Cut(bytes, Enumerable.Range(0, bytes.Length))));
    }
}
