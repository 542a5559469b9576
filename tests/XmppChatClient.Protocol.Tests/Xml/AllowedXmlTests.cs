using System.Text;
using XmppChatClient.Fuzz;

namespace XmppChatClient.Tests.Xml;

/// <summary>What looks odd and is right.</summary>
public sealed class AllowedXmlTests
{
    [Theory]
    [InlineData("<a>&lt;&gt;&amp;&quot;&apos;</a>", "<|a 5:<>&\"'>")]
    [InlineData("<a>&#65;&#x41;&#x1F389;&#00065;&#xaBcD;</a>", "<|a 6:AA🎉A\uABCD>")]
    [InlineData("<a>&#9;&#10;&#13;</a>", "<|a 3:\t\n\r>")]
    [InlineData("<a b='&#9;&#10;&#13;'/>", "<|a |b=3:\t\n\r>")]
    [InlineData("<a>\r\n\r\n\r</a>", "<|a 3:\n\n\n>")]
    [InlineData("<a b='\r\n\t\n\r'/>", "<|a |b=4:    >")]
    [InlineData("<a b='>\"]]>' c=\"'\"/>", "<|a |b=5:>\"]]> |c=1:'>")]
    [InlineData("<a>x<![CDATA[<b>&amp;]]]]>y</a>", "<|a 12:x<b>&amp;]]y>")]
    [InlineData("<a><![CDATA[]]></a>", "<|a>")]
    [InlineData("<a><![CDATA[]]>x<![CDATA[]]>y</a>", "<|a 2:xy>")]
    [InlineData("<a>]]<![CDATA[>]]></a>", "<|a 3:]]>>")]
    [InlineData("<a>]] ></a>", "<|a 4:]] >>")]
    [InlineData(" \r\n<a />\t", "<|a>")]
    [InlineData("<a\r\n\tb\n=\r'1'\n></a\t>", "<|a |b=1:1>")]
    [InlineData("<a>\u007F\u0080\u0085\u2028\uFEFF\uFFFD\U0010FFFF</a>", "<|a 8:\u007F\u0080\u0085\u2028\uFEFF\uFFFD\U0010FFFF>")]
    [InlineData("<a xmlns:p='u' p:b='1' b='2'/>", "<|a u|b=1:1 |b=1:2>")]
    [InlineData("<p:a p:b='1' xmlns:p='u'/>", "<u|a u|b=1:1>")]
    [InlineData("<p:a xmlns:p='u'><p:b xmlns:p='v'/><p:c/></p:a>", "<u|a<v|b><u|c>>")]
    [InlineData("<a xmlns='u'><b xmlns=''><c/></b><d/></a>", "<u|a<|b<|c>><u|d>>")]
    [InlineData("<a xmlns='u' b='1'/>", "<u|a |b=1:1>")]
    [InlineData("<a xmlns=' u&#10;&amp;'/>", "< u\n&|a>")]
    [InlineData("<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en'/>", "<|a http://www.w3.org/XML/1998/namespace|lang=2:en>")]
    [InlineData("<xml:a/>", "<http://www.w3.org/XML/1998/namespace|a>")]
    [InlineData("<xmlns/>", "<|xmlns>")]
    [InlineData("<a xmlfoo='1'/>", "<|a |xmlfoo=1:1>")]
    [InlineData("<日本 ü='é'/>", "<|日本 |ü=1:é>")]
    [InlineData("<_.-·0/>", "<|_.-·0>")]
    public void What_is_allowed_is_read(string xml, string tree)
    {
        Assert.Equal([tree], OurReading.OfElement(Encoding.UTF8.GetBytes(xml)).Items);
        Assert.Null(ReaderComparison.OfElement(Encoding.UTF8.GetBytes(xml)));
        Assert.Null(PrintingCheck.OfElement(Encoding.UTF8.GetBytes(xml)));
    }

    // XML 1.0 (fifth edition) §2.3, the first and last of each range, and what lies beside.
    [Theory]
    [InlineData("AZaz_\u00C0\u00D6\u00D8\u00F6\u00F8\u02FF\u0370\u037D\u037F\u1FFF\u200C\u200D\u2070\u218F\u2C00\u2FEF\u3001\uD7FF\uF900\uFDCF\uFDF0\uFFFD\U00010000\U000EFFFF", true, true)]
    [InlineData("-.09\u00B7\u0300\u036F\u203F\u2040", false, true)]
    [InlineData("@[`{/;\u007F\u00BF\u00D7\u00F7\u037E\u2000\u200B\u200E\u203E\u2041\u206F\u2190\u2BFF\u2FF0\u3000\uE000\uF8FF\uFDD0\uFDEF\U000F0000\U0010FFFD", false, false)]
    public void Names_have_the_characters_of_the_fifth_edition(string characters, bool begins, bool continues) => Assert.All(
        characters.EnumerateRunes(),
        c =>
        {
            Assert.Equal(begins, IsRead($"<{c}/>"));
            Assert.Equal(continues, IsRead($"<a{c}/>"));
            Assert.Equal(continues, IsRead($"<a b{c}='1'/>"));
            Assert.Equal(begins, IsRead($"<a xmlns:p='u' p:{c}='1'/>"));
        });

    private static bool IsRead(string xml) => OurReading.OfElement(Encoding.UTF8.GetBytes(xml)).End == XmlReadingEnd.Closed;
}
