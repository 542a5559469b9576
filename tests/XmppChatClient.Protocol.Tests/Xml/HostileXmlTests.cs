using System.Buffers;
using System.Text;
using XmppChatClient.Fuzz;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

/// <summary>What XML 1.0, Namespaces in XML 1.0 and RFC 6120 §11 do not allow, each as a stanza.</summary>
public sealed class HostileXmlTests
{
    private const string Opening = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>";

    [Theory]
    // RFC 6120 §11.1
    [InlineData("<!DOCTYPE x>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<!ENTITY a SYSTEM 'file:///etc/passwd'>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a><!DOCTYPE x></a>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<!-- c -->", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a><!-- c --></a>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<?pi x?>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a><?pi x?></a>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<?xml version='1.0'?>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a>&nbsp;</a>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a b='&lol9;'/>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a>&LT;</a>", StreamErrorCondition.RestrictedXml)]
    // XML 1.0 §4.1: references
    [InlineData("<a>&</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>& lt;</a>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a>&lt</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='&lt'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#x;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#X41;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#+65;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#-65;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&# 65;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#65 ;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#6_5;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#65\0;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='&#x41\0;'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#4294967361;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#xFFFFFFFF;</a>", StreamErrorCondition.NotWellFormed)]
    // XML 1.0 §2.2: characters, as they are and as references
    [InlineData("<a>\0</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='\0'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a><![CDATA[\0]]></a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a\0/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>\u0001</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>\u001F</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>\uFFFE</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='\uFFFF'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#0;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#xB;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#xD800;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#xD83C;&#xDF89;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='&#xDFFF;'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#xFFFE;</a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&#x110000;</a>", StreamErrorCondition.NotWellFormed)]
    // XML 1.0 §2.4, §3.1: text and attributes
    [InlineData("<a>]]></a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>é]]></a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a>&lt;]]></a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a><![CDATA[]]>]]></a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a><![cdata[x]]></a>", StreamErrorCondition.RestrictedXml)]
    [InlineData("<a b='<'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b=1/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b=/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a ='1'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='1'c='2'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='1'/c='2'></a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a / ></a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a b='1' b='2'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a xmlns='u' xmlns='u'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a xmlns:p='u' xmlns:p='v'/>", StreamErrorCondition.NotWellFormed)]
    // XML 1.0 §3: tags
    [InlineData("<a></b>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a><b></a></b>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<p:a xmlns:p='u' xmlns:q='u'></q:a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a></ a>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a></a b='1'>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a></>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<></>", StreamErrorCondition.NotWellFormed)]
    [InlineData("< a/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<1a/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<-a/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a\u00D7/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a<b/>", StreamErrorCondition.NotWellFormed)]
    // Namespaces in XML 1.0
    [InlineData("<a:b:c/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<:a/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a:/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<stream:1/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<a xmlns:='u'/>", StreamErrorCondition.NotWellFormed)]
    [InlineData("<p:a/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a p:b='1'/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a><b xmlns:p='u'/><p:c/></a>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a xmlns:p=''/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a xmlns:xml='urn:x'/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a xmlns='http://www.w3.org/XML/1998/namespace'/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a xmlns:xmlns='urn:x'/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<a xmlns='http://www.w3.org/2000/xmlns/'/>", StreamErrorCondition.BadNamespacePrefix)]
    [InlineData("<xmlns:a/>", StreamErrorCondition.BadNamespacePrefix)]
    // RFC 6120 §4.6.1: what may stand between stanzas
    [InlineData("text", StreamErrorCondition.BadFormat)]
    [InlineData("\u00A0", StreamErrorCondition.BadFormat)]
    [InlineData("\0", StreamErrorCondition.BadFormat)]
    [InlineData("&#32;", StreamErrorCondition.BadFormat)]
    [InlineData("<![CDATA[x]]>", StreamErrorCondition.BadFormat)]
    public void What_is_forbidden_is_refused_however_it_is_split(string xml, StreamErrorCondition condition)
    {
        var bytes = Encoding.UTF8.GetBytes(Opening + xml);
        var whole = OurReading.OfStream(new ReadOnlySequence<byte>(bytes));
        Assert.Equal((XmlReadingEnd.Refused, condition), (whole.End, whole.Refusal));
        Assert.Single(whole.Items);
        Assert.Equal(whole, OurReading.OfPieces(Segments.Cut(bytes, Enumerable.Range(0, bytes.Length))));
    }

    [Theory]
    [InlineData("80", "a byte of the middle")]
    [InlineData("C0AF", "an overlong slash")]
    [InlineData("C080", "an overlong NUL")]
    [InlineData("C1BF", "overlong")]
    [InlineData("E080BC", "an overlong <")]
    [InlineData("E09FBF", "overlong")]
    [InlineData("F08080BC", "overlong")]
    [InlineData("F08FBFBF", "overlong")]
    [InlineData("EDA080", "a high surrogate")]
    [InlineData("EDBFBF", "a low surrogate")]
    [InlineData("EDA0BCEDBE89", "a pair of surrogates, CESU-8")]
    [InlineData("F4908080", "over U+10FFFF")]
    [InlineData("F8888080 80", "five bytes")]
    [InlineData("FF", "no UTF-8 at all")]
    [InlineData("E282", "cut off")]
    [InlineData("EFBFBE", "U+FFFE")]
    [InlineData("EFBFBF", "U+FFFF")]
    public void Bytes_that_are_no_characters_are_refused_everywhere(string hex, string what)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.All(
            (byte[][])
            [
                [.. "<a>"u8, .. bytes, .. "</a>"u8],
                [.. "<a>é&lt;"u8, .. bytes, .. "x</a>"u8],
                [.. "<a><![CDATA["u8, .. bytes, .. "]]></a>"u8],
                [.. "<a b='"u8, .. bytes, .. "'/>"u8],
                [.. "<a"u8, .. bytes, .. "/>"u8],
                [.. "<a "u8, .. bytes, .. "='1'/>"u8],
                [.. "<a xmlns='"u8, .. bytes, .. "'/>"u8],
            ],
            xml =>
            {
                Assert.True(OurReading.OfElement(xml).Refusal == StreamErrorCondition.NotWellFormed, what);
                Assert.Equal(XmlReadingEnd.Refused, PlatformReading.OfElement(xml).Reading.End);
            });
    }

    [Theory]
    [InlineData("<!")]
    [InlineData("<a><!-")]
    [InlineData("<?")]
    [InlineData("<a><?")]
    [InlineData("x")]
    public void What_is_forbidden_outright_is_refused_at_its_first_bytes(string xml)
    {
        // Not only when the rest has come: it could be an entity bomb. "<!" may yet be a CDATA section.
        var bytes = Encoding.UTF8.GetBytes(Opening + xml + (xml.EndsWith('!') ? "D" : ""));
        Assert.Equal(XmlReadingEnd.Refused, OurReading.OfStream(new ReadOnlySequence<byte>(bytes)).End);
    }

    [Theory]
    [InlineData("<a>x</a>y")]
    [InlineData("y<a/>")]
    [InlineData("<a/><b/>")]
    [InlineData("<a/></a>")]
    [InlineData("</a>")]
    [InlineData("<a>")]
    [InlineData("<a><b></b>")]
    [InlineData("<a")]
    [InlineData("<a b")]
    [InlineData("<a b=")]
    [InlineData("<a b='")]
    [InlineData("<a b='1'")]
    [InlineData("<a/")]
    [InlineData("<a><![CDATA[x]]")]
    [InlineData("<a></a")]
    [InlineData("<")]
    [InlineData("</")]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\uFEFF<a/>")]
    public void What_is_not_exactly_one_element_is_refused(string xml) =>
        Assert.Throws<XmppProtocolException>(() => XmppElement.Parse(xml));

    [Fact]
    public void Refused_once_the_reader_stays_closed()
    {
        var reader = new XmlStreamReader();
        var buffer = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Opening + "x<a/>"));
        Assert.Equal(XmlStreamItem.StreamStart, reader.TryRead(ref buffer));
        Assert.Throws<XmppProtocolException>(() => reader.TryRead(ref buffer));
        buffer = new ReadOnlySequence<byte>("<a/>"u8.ToArray());
        Assert.Throws<InvalidOperationException>(() => reader.TryRead(ref buffer));
    }
}
