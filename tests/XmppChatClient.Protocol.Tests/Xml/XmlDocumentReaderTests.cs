using System.Text;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

public sealed class XmlDocumentReaderTests
{
    private static readonly XmlLimits Small = XmlLimits.Default with { StanzaBytes = 60, Depth = 3, Attributes = 2, Elements = 4 };

    [Theory]
    [InlineData("<a/>", "<a/>")]
    [InlineData("<a xmlns='u'>x<b/></a>\r\n", "<a xmlns='u'>x<b/></a>")]
    [InlineData("<?xml version='1.0' encoding='utf-8'?>\n<a/>", "<a/>")]
    [InlineData("<s:a xmlns:s='u'><s:b/></s:a>", "<a xmlns='u'><b/></a>")]
    public void Document_is_one_element(string xml, string element) => Assert.Equal(element, Read(xml).ToString());

    [Fact]
    public void No_document_knows_of_the_one_before()
    {
        var reader = new XmlDocumentReader();
        Assert.Equal(new XmlName("u", "a"), reader.Read("<s:a xmlns:s='u' xmlns='v'/>"u8).Name);
        Assert.Equal(new XmlName("", "b"), reader.Read("<b/>"u8).Name);
        Assert.Throws<XmppProtocolException>(() => reader.Read("<s:a/>"u8));
        Assert.Equal(new XmlName("", "b"), reader.Read("<b/>"u8).Name);

        // In a stream the same tag means something else; the parser is the same one, or may be.
        var stream = new XmlStreamReader();
        var buffer = new System.Buffers.ReadOnlySequence<byte>(
            [.. "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'><b/>"u8]);
        stream.TryRead(ref buffer);
        stream.TryRead(ref buffer);
        Assert.Equal(new XmlName("jabber:client", "b"), stream.Element!.Name);
        Assert.Equal(new XmlName("", "b"), reader.Read("<b/>"u8).Name);
    }

    [Theory]
    [InlineData("", StreamErrorCondition.NotWellFormed)]
    [InlineData(" <a/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("\uFEFF<a/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?xml version='1.0'?>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<?xml version='1.0'?>x", StreamErrorCondition.BadFormat)]
    [InlineData("<?xml version='1.0'?><?xml version='1.0'?><a/>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a/><b/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a/>x", StreamErrorCondition.BadFormat)]
    [InlineData("<a/><!-- x -->", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&nbsp;</a>", StreamErrorCondition.RestrictedXml)]
    public void Anything_else_is_refused(string xml, StreamErrorCondition condition) =>
        Assert.Equal(condition, Assert.Throws<XmppProtocolException>(() => Read(xml)).Condition);

    [Theory]
    [InlineData("<a><b><c><d/></c></b></a>")]
    [InlineData("<a b='1' c='2' d='3'/>")]
    [InlineData("<a><b/><b/><b/><b/></a>")]
    [InlineData("<a>123456789012345678901234567890123456789012345678901234567</a>")]
    public void Limit_is_a_limit(string xml) => Assert.Equal(
        StreamErrorCondition.PolicyViolation,
        Assert.Throws<XmppProtocolException>(() => new XmlDocumentReader(Small).Read(Encoding.UTF8.GetBytes(xml))).Condition);

    [Theory]
    [InlineData("<message b='1' c='2' d='3'/>", "message")]
    [InlineData("<?xml version='1.0'?> <iq><b><c><d/></c></b></iq>", "iq")]
    [InlineData("<p:presence xmlns:p='u'><b/><b/><b/><b/></p:presence>", "presence")]
    [InlineData("<other><b/><b/><b/><b/></other>", "element")]
    public void Excess_is_passed_over_where_it_may_be(string xml, string kind)
    {
        var reader = new XmlDocumentReader(Small, passOverExcess: true);
        var element = reader.Read(Encoding.UTF8.GetBytes(xml));
        Assert.Equal(new XmlName(XmlStreamReader.RefusedNamespace, kind), element.Name);
        Assert.Contains("over the limit", element.Text, StringComparison.Ordinal);
        Assert.Equal("<a><b/></a>", reader.Read("<a><b/></a>"u8).ToString());
    }

    [Fact]
    public void Size_is_never_passed_over() => Assert.Throws<XmppProtocolException>(
        () => new XmlDocumentReader(Small, passOverExcess: true).Read(Encoding.UTF8.GetBytes($"<message>{new string('x', 60)}</message>")));

    private static XmppElement Read(string xml) => new XmlDocumentReader().Read(Encoding.UTF8.GetBytes(xml));
}
