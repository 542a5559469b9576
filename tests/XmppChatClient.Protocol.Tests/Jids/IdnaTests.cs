using XmppChatClient.Precis;

namespace XmppChatClient.Protocol.Tests.Jids;

public sealed class IdnaTests
{
    [Theory]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("faß.de", "xn--fa-hia.de")]
    [InlineData("βόλος.com", "xn--nxasmm1c.com")]
    [InlineData("ශ්\u200Dරී.com", "xn--10cl1a0b660p.com")]
    [InlineData("\u0646\u0627\u0645\u0647\u200C\u0627\u06CC.com", "xn--mgba3gch31f060k.com")]
    [InlineData("президент.рф", "xn--d1abbgf6aiiy.xn--p1ai")]
    [InlineData("例え.テスト", "xn--r8jz45g.xn--zckzah")]
    [InlineData("παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp")]
    [InlineData("日本語", "xn--wgv71a119e")]
    [InlineData("\u05D0\u05D1.example", "xn--4dbc.example")]
    [InlineData("plain.example", "plain.example")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("[::1]", "[::1]")]
    public void A_name_goes_both_ways(string unicode, string ascii)
    {
        Assert.Equal(ascii, Idna.ToAscii(unicode));
        Assert.Equal(ascii, Idna.ToAscii(ascii));
        Assert.Equal(unicode, ToUnicode(ascii));
        Assert.Equal(unicode, ToUnicode(unicode));
    }

    [Theory]
    [InlineData("EXAMPLE.com", "example.com")]
    [InlineData("BÜCHER.example", "bücher.example")]
    [InlineData("XN--BCHER-KVA.example", "bücher.example")]
    [InlineData("bu\u0308cher.example", "bücher.example")]
    [InlineData("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com")]
    [InlineData("ＸＮ－－ｂｃｈｅｒ－ｋｖａ", "bücher")]
    [InlineData("example.com.", "example.com")]
    [InlineData("bücher.example.", "bücher.example")]
    [InlineData("１２７.0.0.1", "127.0.0.1")]
    public void A_name_is_mapped_to_its_normal_form(string name, string unicode) =>
        Assert.Equal(unicode, ToUnicode(name));

    // Host names must not have them (RFC 952), but real ones on private networks do.
    [Theory]
    [InlineData("xmpp_server")]
    [InlineData("_xmpp._tcp.example.com")]
    [InlineData("my_host.bücher.example")]
    public void An_ASCII_label_may_have_underscores(string name) => Assert.Equal(name, ToUnicode(name));

    [Theory]
    [InlineData("b\u00FCcher_laden.example")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("example..com")]
    [InlineData(".example")]
    [InlineData("example.com..")]
    [InlineData("-a.example")]
    [InlineData("a-.example")]
    [InlineData("ab--c.example")]
    [InlineData("ü-.example")]
    [InlineData("-ü.example")]
    [InlineData("üb--c.example")]
    [InlineData("exam ple.com")]
    [InlineData("exam/ple.com")]
    [InlineData("exam:ple.com")]
    [InlineData("a\u2044b")]
    [InlineData("a\uFF0Fb")]
    [InlineData("a\u3002b")]
    [InlineData("a\u00ADb")]
    [InlineData("a\u2010b")]
    [InlineData("\u0301a.example")]
    [InlineData("\u2665.example")]
    [InlineData("\uFB01n.example")]
    [InlineData("\u0378.example")]
    [InlineData("a\u200Cb.example")]
    [InlineData("a\u00B7b.example")]
    [InlineData("\uD83D\uDCA9.example")]
    public void What_no_label_may_be_is_refused(string name)
    {
        Assert.Null(ToUnicode(name));
        Assert.Throws<FormatException>(() => Idna.ToAscii(name));
    }

    [Theory]
    [InlineData("xn--")]
    [InlineData("xn--a-")]
    [InlineData("xn--abc-")]
    [InlineData("xn--a")]
    [InlineData("xn--ls8h")]
    [InlineData("xn--99999999")]
    [InlineData("xn--bcher-kva\u00E9")]
    [InlineData("xn---")]
    [InlineData("xn--Bcher-KvA8")]
    public void A_label_that_only_looks_like_an_A_label_is_refused(string name) => Assert.Null(ToUnicode(name));

    [Theory]
    [InlineData("bu\u0308cher")]
    [InlineData("b\u00DCcher")]
    [InlineData("\u0301b")]
    [InlineData("\u00FC-")]
    [InlineData("\u212B")]
    [InlineData("a\u200D")]
    [InlineData("\uFF21")]
    public void An_A_label_of_what_is_no_U_label_is_refused(string text) =>
        Assert.Null(ToUnicode("xn--" + Punycode.Encode(text)));

    // RFC 5893 §2; the rule binds every label as soon as one is written from right to left.
    [Theory]
    [InlineData("\u05D0.example", true)]
    [InlineData("\u05D01.example", true)]
    [InlineData("1\u05D0.example", false)]
    [InlineData("\u05D0a.example", false)]
    [InlineData("\u05D0.1example", false)]
    [InlineData("1example.com", true)]
    [InlineData("\u0627\u0661.example", true)]
    [InlineData("\u06271\u0661.example", false)]
    [InlineData("xn--4dbc.1a", false)]
    [InlineData("\u05D0.my_host", true)]
    [InlineData("\u05D0._tcp", false)]
    public void The_bidi_rule_binds_the_whole_name(string name, bool isTaken) =>
        Assert.Equal(isTaken, ToUnicode(name) is not null);

    [Fact]
    public void The_63_octets_of_a_label_are_those_of_its_ASCII_form()
    {
        var longest = Enumerable.Range(1, 63)
            .Select(length => new string('ü', length))
            .TakeWhile(label => Punycode.Encode(label).Length <= 59)
            .Last();

        Assert.Equal(longest, ToUnicode(longest));
        Assert.InRange(Idna.ToAscii(longest).Length, 62, 63);
        Assert.Null(ToUnicode(longest + "ü"));
        Assert.Null(ToUnicode(new string('ü', 64)));
    }

    [Fact]
    public void The_253_octets_of_a_name_are_those_of_its_ASCII_form()
    {
        // "xn--tda." has eight octets: 31 of them and five more letters make 253.
        var labels = string.Concat(Enumerable.Repeat("ü.", 31));

        Assert.Equal(253, Idna.ToAscii(labels + "abcde").Length);
        Assert.Null(ToUnicode(labels + "abcdef"));
    }

    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("192.0.2.1.", "192.0.2.1")]
    [InlineData("256.0.0.1", null)]
    [InlineData("01.2.3.4", null)]
    [InlineData("1.2.3.0x4", "1.2.3.0x4")]
    [InlineData("1.2.3.1000", null)]
    public void Four_numbers_are_an_IPv4_address_or_nothing(string name, string? expected) =>
        Assert.Equal(expected, ToUnicode(name));

    [Theory]
    [InlineData("[2001:DB8:0:0:0:0:0:1]", "[2001:db8::1]")]
    [InlineData("[::FFFF:192.0.2.1]", "[::ffff:192.0.2.1]")]
    [InlineData("[2001:db8::0001]", "[2001:db8::1]")]
    [InlineData("[fe80::1%eth0]", null)]
    [InlineData("[fe80::1%1]", null)]
    [InlineData("[::1", null)]
    [InlineData("[]", null)]
    [InlineData("[192.0.2.1]", null)]
    [InlineData("[[::1]]", null)]
    [InlineData("[::1]:5222", null)]
    [InlineData("::1", null)]
    [InlineData("[v1.a]", null)]
    [InlineData("[::1].", null)]
    public void An_IPv6_address_stands_in_brackets_in_its_one_text(string name, string? expected)
    {
        Assert.Equal(expected, ToUnicode(name));
        if (expected is not null)
            Assert.Equal(Jid.Parse($"a@{expected}/b"), Jid.Parse($"a@{name}/b"));
    }

    [Fact]
    public void The_reason_is_told()
    {
        var exception = Assert.Throws<FormatException>(() => Idna.ToAscii("a\u2665.example"));
        Assert.Equal(
            "Not a domain name: it contains U+2665 '\u2665', which RFC 5892 does not allow in domain names.", exception.Message);
    }

    [Fact]
    public void A_normal_ASCII_name_is_the_same_instance()
    {
        const string Name = "xmpp.example.com";
        Assert.Same(Name, Idna.ToAscii(Name));
    }

    private static string? ToUnicode(string name)
    {
        var isTaken = Idna.TryToUnicode(name, out var unicode, out var error);
        Assert.Equal(isTaken, error is null);
        Assert.Equal(isTaken, unicode is not null);
        return unicode;
    }
}
