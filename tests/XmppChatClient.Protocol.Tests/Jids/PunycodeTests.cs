using XmppChatClient.Precis;

namespace XmppChatClient.Protocol.Tests.Jids;

public sealed class PunycodeTests
{
    // RFC 3492 §7.1.
    [Theory]
    [InlineData(
        "\u0644\u064A\u0647\u0645\u0627\u0628\u062A\u0643\u0644\u0645\u0648\u0634\u0639\u0631\u0628\u064A\u061F",
        "egbpdaj6bu4bxfgehfvwxn")]
    [InlineData("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb")]
    [InlineData("Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a")]
    [InlineData(
        "\u05DC\u05DE\u05D4\u05D4\u05DD\u05E4\u05E9\u05D5\u05D8\u05DC\u05D0\u05DE\u05D3\u05D1\u05E8\u05D9\u05DD\u05E2\u05D1\u05E8\u05D9\u05EA",
        "4dbcagdahymbxekheh6e0a7fei0b")]
    [InlineData(
        "\u092F\u0939\u0932\u094B\u0917\u0939\u093F\u0928\u094D\u0926\u0940\u0915\u094D\u092F\u094B\u0902\u0928\u0939\u0940"
        + "\u0902\u092C\u094B\u0932\u0938\u0915\u0924\u0947\u0939\u0948\u0902",
        "i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd")]
    [InlineData("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa")]
    [InlineData(
        "세계의모든사람들이한국어를이해한다면얼마나좋을까",
        "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c")]
    [InlineData("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l")]
    [InlineData("PorquénopuedensimplementehablarenEspañol", "PorqunopuedensimplementehablarenEspaol-fmd56a")]
    [InlineData("TạisaohọkhôngthểchỉnóitiếngViệt", "TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g")]
    [InlineData("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b")]
    [InlineData("安室奈美恵-with-SUPER-MONKEYS", "-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n")]
    [InlineData("Hello-Another-Way-それぞれの場所", "Hello-Another-Way--fc4qua05auwb3674vfr0b")]
    [InlineData("ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v")]
    [InlineData("MajiでKoiする5秒前", "MajiKoi5-783gue6qz075azm5e")]
    [InlineData("パフィーdeルンバ", "de-jg4avhby1noc0d")]
    [InlineData("そのスピードで", "d9juau41awczczp")]
    [InlineData("-> $1.00 <-", "-> $1.00 <--")]
    [InlineData("\uD83D\uDE00", "e28h")]
    [InlineData("", "")]
    public void Samples_of_RFC_3492_go_both_ways(string text, string punycode)
    {
        Assert.Equal(punycode, Punycode.Encode(text));
        Assert.True(Punycode.TryDecode(punycode, out var decoded));
        Assert.Equal(text, decoded);
    }

    [Fact]
    public void Case_of_the_digits_does_not_count()
    {
        Assert.True(Punycode.TryDecode("b1abfaaepdrnnbgefbaDotcwatmq2g4l", out var text));
        Assert.Equal("почемужеонинеговорятпорусски", text);
    }

    [Theory]
    [InlineData("\u00E9")]
    [InlineData("-abc")]
    [InlineData("a-b!")]
    [InlineData("b")]
    [InlineData("99999999")]
    [InlineData("zzzzzzzzzzzzzz")]
    public void What_is_no_Punycode_is_refused(string punycode)
    {
        Assert.False(Punycode.TryDecode(punycode, out var text));
        Assert.Null(text);
    }

    [Theory]
    [InlineData("a", 0x80)]
    [InlineData("hb9b", 0xD7FF)]
    [InlineData("ib9b", null)]
    [InlineData("zy0c", null)]
    [InlineData("0y0c", 0xE000)]
    [InlineData("dn32g", 0x10FFFF)]
    [InlineData("en32g", null)]
    public void It_decodes_to_scalar_values_alone(string punycode, int? expected)
    {
        Assert.Equal(expected is not null, Punycode.TryDecode(punycode, out var text));
        Assert.Equal(expected is { } codePoint ? char.ConvertFromUtf32(codePoint) : null, text);
    }

    [Fact]
    public void A_text_that_no_name_could_hold_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Punycode.Encode(new string('\u00E9', 256)));
        Assert.False(Punycode.TryDecode(new string('a', 256), out _));
        Assert.Throws<ArgumentException>(() => Punycode.Encode("\uD800"));
    }
}
