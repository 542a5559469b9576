using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using XmppChatClient.Fuzz;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

public sealed class XmlStreamWriterTests
{
    private static readonly XmlName Name = new("urn:a", "a");

    [Theory]
    [InlineData("<>&'\"", "&lt;&gt;&amp;'\"")]
    [InlineData("]]>", "]]&gt;")]
    [InlineData("\t\n\r", "\t\n&#13;")]
    [InlineData("\u0080\u0085\u2028\uFEFF\uFFFD", "\u0080\u0085\u2028\uFEFF\uFFFD")]
    [InlineData("a🎉b\U0010FFFF", "a🎉b\U0010FFFF")]
    [InlineData("", "")]
    public void Text_is_escaped(string text, string xml) =>
        AssertWritten(w => Element(w, () => w.WriteText(text)), $"<a xmlns='urn:a'>{xml}</a>");

    [Theory]
    [InlineData("<>&'\"", "&lt;&gt;&amp;&apos;\"")]
    [InlineData(" \t\n\r ", " &#9;&#10;&#13; ")]
    [InlineData("a🎉é", "a🎉é")]
    [InlineData("", "")]
    public void Attributes_are_escaped(string value, string xml) =>
        AssertWritten(w => Element(w, () => w.WriteAttribute("b", value)), $"<a xmlns='urn:a' b='{xml}'/>");

    [Theory]
    [InlineData(@"a\u0000", "U+0000 at index 1")]
    [InlineData(@"\u0001", "U+0001 at index 0")]
    [InlineData(@"\u000B", "U+000B")]
    [InlineData(@"\u001F", "U+001F")]
    [InlineData(@"ab\uFFFE", "U+FFFE at index 2")]
    [InlineData(@"\uFFFF", "U+FFFF")]
    [InlineData(@"\uD83C", "U+D83C at index 0, which XML cannot carry: it is half")]
    [InlineData(@"\uD83Cx", "U+D83C")]
    [InlineData(@"\uDF89", "U+DF89")]
    [InlineData(@"\uDF89\uD83C", "U+DF89")]
    [InlineData(@"\uD83C\uD83C\uDF89", "U+D83C at index 0")]
    [InlineData(@"<🎉\uDF89", "U+DF89 at index 3")]
    public void What_XML_cannot_carry_is_refused_with_its_place(string escaped, string told)
    {
        // Half a character cannot stand in an attribute of C#.
        var text = Regex.Unescape(escaped);
        Assert.All(
            (Action<XmlStreamWriter>[])
            [
                w => w.WriteText(text),
                w => w.WriteAttribute("b", text),
                w => w.WriteAttribute(new XmlName("urn:b", "b"), text),
                w => w.WriteStart(text, "b"),
            ],
            write =>
            {
                var error = Assert.Throws<ArgumentException>(() => Written(w => Element(w, () => write(w))));
                Assert.Contains(told, error.Message, StringComparison.Ordinal);
            });
    }

    [Fact]
    public void After_a_refusal_a_reset_leaves_nothing_of_the_stanza()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new XmlStreamWriter(output, "urn:a");
        writer.WriteStart(Name);
        writer.WriteStart("urn:b", "b");
        writer.WriteAttribute(new XmlName("urn:c", "c"), "1");
        Assert.Throws<ArgumentException>(() => writer.WriteText("\0"));
        output.ResetWrittenCount();
        writer.Reset();
        writer.WriteElement(Name, "next");
        Assert.Equal("<a>next</a>", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Throws<InvalidOperationException>(() => writer.WriteEnd());
    }

    [Fact]
    public void Every_character_of_XML_comes_back()
    {
        var all = new StringBuilder();
        for (var c = 0; c <= 0x10FFFF; c++)
        {
            if (c is '\t' or '\n' or '\r' or (>= ' ' and < 0xD800) or (>= 0xE000 and < 0xFFFE) or >= 0x10000)
            {
                all.Append(new Rune(c));
            }
        }

        var text = all.ToString();
        var limits = new XmlLimits { StanzaBytes = int.MaxValue };
        var xml = Written(w => Element(w, () =>
        {
            w.WriteAttribute("b", text);
            w.WriteText(text);
        }));
        var element = XmppElement.Parse(Encoding.UTF8.GetBytes(xml), limits);
        Assert.Equal(text, element.Text);
        Assert.Equal(text, element.Attribute("b"));
    }

    [Theory]
    [InlineData("<a xmlns='urn:a' x='&lt;&apos;&#10;' xml:lang='de'>t<b xmlns='urn:b'>&amp;ü🎉</b>u<c/> </a>")]
    [InlineData("<a/>")]
    [InlineData("<a xmlns='urn:a'><b xmlns=''><c xmlns='urn:a'/></b></a>")]
    [InlineData("<a xmlns='urn:a'><b><c>x</c></b> \n <d/>&#13;</a>")]
    [InlineData("<a><xml:b><c xmlns='urn:a'/><d/></xml:b></a>")]
    [InlineData("<a xmlns:ns0='urn:b' ns0:b='1'/>")]
    [InlineData("<a xmlns:ns0='urn:b' ns0:b='1' b='2' xmlns:ns1='urn:b' ns1:c='3'><d xmlns:ns0='urn:c' ns0:b='1'/></a>")]
    [InlineData("<ns0 xmlns:ns0='&lt;&apos;' ns0:ns0='ns0'/>")]
    public void What_it_writes_is_read_and_written_again_as_it_was(string xml)
    {
        Assert.Equal(xml, XmppElement.Parse(xml).ToString());
        Assert.Null(ReaderComparison.OfElement(Encoding.UTF8.GetBytes(xml)));
    }

    [Fact]
    public void Prefixes_of_others_become_ours_and_mean_the_same() => Assert.Equal(
        "<a xmlns='urn:p'><b/><c xmlns='' xmlns:ns0='urn:q' ns0:d='1'/></a>",
        XmppElement.Parse("<p:a xmlns:p='urn:p' xmlns:q='urn:q'><p:b/><c q:d='1'/></p:a>").ToString());

    [Theory]
    [InlineData("jabber:client", "<a xmlns='urn:a'/><message/>")]
    [InlineData("urn:a", "<a/><message xmlns='jabber:client'/>")]
    [InlineData("", "<a xmlns='urn:a'/><message xmlns='jabber:client'/>")]
    public void Namespace_in_scope_is_not_declared_again(string outer, string xml)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new XmlStreamWriter(output, outer);
        writer.WriteElement(Name);
        writer.WriteElement(new XmlName("jabber:client", "message"));
        Assert.Equal(xml, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Null_attributes_are_left_out() => AssertWritten(
        w => Element(w, () =>
        {
            w.WriteAttribute("b", null);
            w.WriteAttribute(XmlName.Lang, null);
            w.WriteAttribute(new XmlName("urn:b", "b"), null);
            w.WriteAttribute(new XmlName("", "c"), "1");
        }),
        "<a xmlns='urn:a' c='1'/>");

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "Zg==")]
    [InlineData("foobar", "Zm9vYmFy")]
    public void Base64_is_that_of_RFC_4648(string bytes, string base64) => AssertWritten(
        w => Element(w, () => w.WriteBase64(Encoding.ASCII.GetBytes(bytes))), $"<a xmlns='urn:a'>{base64}</a>");

    [Fact]
    public void Large_base64_is_whole()
    {
        var bytes = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();
        var xml = Written(w => Element(w, () => w.WriteBase64(bytes)));
        Assert.Equal(bytes, Convert.FromBase64String(XmppElement.Parse(xml).Text));
    }

    [Fact]
    public void Stream_is_opened_as_in_RFC_6120_and_closed()
    {
        var xml = Written(w =>
        {
            w.WriteStreamStart("im.example.com", "juliet@im.example.com", "en", XmppNamespaces.Client);
            w.WriteStreamEnd();
        });
        Assert.Equal(
            "<?xml version='1.0'?><stream:stream to='im.example.com' from='juliet@im.example.com' version='1.0' xml:lang='en' "
            + "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'></stream:stream>",
            xml);
        var reading = OurReading.OfStream(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(xml)));
        Assert.Equal((XmlReadingEnd.Closed, 1), (reading.End, reading.Items.Length));
    }

    [Fact]
    public void Error_of_a_stream_has_the_prefix_that_its_opening_tag_declares()
    {
        var error = new StreamError(StreamErrorCondition.NotWellFormed) { Detail = XmppElement.Parse("<x xmlns='urn:x'/>") };
        var xml = Written(w =>
        {
            w.WriteStreamStart("example.org", null, null, XmppNamespaces.Client);
            error.Write(w);
            w.WriteStreamEnd();
        });
        Assert.EndsWith(
            "<stream:error><not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><x xmlns='urn:x'/></stream:error></stream:stream>", xml,
            StringComparison.Ordinal);
        var reading = OurReading.OfStream(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(xml)));
        Assert.Equal((XmlReadingEnd.Closed, 2), (reading.End, reading.Items.Length));

        // Alone it declares its namespace, as anything else does.
        Assert.StartsWith("<error xmlns='http://etherx.jabber.org/streams'>", XmlStreamWriter.ToText(error), StringComparison.Ordinal);
    }

    [Fact]
    public void Attributes_after_content_are_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Written(w => Element(w, () =>
        {
            w.WriteText("x");
            w.WriteAttribute("b", "1");
        })));
        Assert.Throws<InvalidOperationException>(() => Written(w => w.WriteAttribute("b", "1")));
        Assert.Throws<InvalidOperationException>(() => Written(w => w.WriteText("x")));
        Assert.Throws<InvalidOperationException>(() => Written(w => w.WriteBase64([1])));
        Assert.Throws<InvalidOperationException>(() => Written(w => w.WriteEnd()));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a>")]
    [InlineData("a/><b")]
    [InlineData("p:a")]
    [InlineData("1a")]
    [InlineData("-")]
    [InlineData("é\u00D7")]
    [InlineData(@"\uD83C")]
    [InlineData("a\0")]
    [InlineData("")]
    public void A_name_that_is_none_cannot_be_made(string escaped) =>
        Assert.Throws<ArgumentException>(() => new XmlName("urn:a", Regex.Unescape(escaped)));

    [Theory]
    [InlineData("a")]
    [InlineData("_.-9·")]
    [InlineData("日本")]
    [InlineData("\U00010000")]
    public void A_name_is_one_of_the_fifth_edition(string localName) =>
        Assert.Equal(localName, new XmlName("urn:a", localName).LocalName);

    private static void Element(XmlStreamWriter writer, Action content)
    {
        writer.WriteStart(Name);
        content();
        writer.WriteEnd();
    }

    private static string Written(Action<XmlStreamWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new XmlStreamWriter(output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void AssertWritten(Action<XmlStreamWriter> write, string xml) => Assert.Equal(xml, Written(write));
}
