using XmppChatClient.Precis;

namespace XmppChatClient.Protocol.Tests.Jids;

public sealed class NfcTests
{
    // Chosen from NormalizationTest.txt of Unicode 15.0: source and form C.
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u2126", "\u03A9")]
    [InlineData("D\u0307\u0323", "\u1E0C\u0307")]
    [InlineData("\u1E0A\u0323", "\u1E0C\u0307")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("o\u0304\u0301", "\u1E53")]
    [InlineData("\u0112\u0300", "\u1E14")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u0340", "\u0300")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u09DC", "\u09A1\u09BC")]
    [InlineData("\u0F43", "\u0F42\u0FB7")]
    [InlineData("\u2ADC", "\u2ADD\u0338")]
    [InlineData("\uFB1D", "\u05D9\u05B4")]
    [InlineData("\uF900", "\u8C48")]
    [InlineData("\uFA6C", "\uD850\uDEEE")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")]
    [InlineData("\uD87E\uDC00", "\u4E3D")]
    [InlineData("\uD804\uDC99\uD804\uDCBA", "\uD804\uDC9A")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A7", "\uAC00\u11A7")]
    [InlineData("\uAC01\u11A8", "\uAC01\u11A8")]
    [InlineData("\u1100\u0300\u1161", "\u1100\u0300\u1161")]
    [InlineData("\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E")]
    [InlineData("a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b")]
    [InlineData("a\u05AE\u0300\u0315\u0300b", "\u00E0\u05AE\u0300\u0315b")]
    [InlineData("\u0301", "\u0301")]
    [InlineData("", "")]
    public void Text_is_composed_as_the_test_of_Unicode_says(string text, string expected)
    {
        Assert.Equal(expected, Nfc.Normalize(text));
        Assert.Equal(expected, Nfc.Normalize(expected));
    }

    [Theory]
    [InlineData("plain ASCII")]
    [InlineData("\u00E9t\u00E9")]
    [InlineData("\uD55C\uAD6D\uC5B4")]
    [InlineData("q\u0323\u0307")]
    public void Text_in_form_C_is_the_same_instance(string text) => Assert.Same(text, Nfc.Normalize(text));

    [Fact]
    public void A_long_run_of_marks_is_sorted_as_a_short_one_is()
    {
        const int Times = 50_000;
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323", Times));

        var expected = "q" + new string('\u0323', Times) + new string('\u0301', Times);
        Assert.Equal(expected, Nfc.Normalize("q" + marks));
    }

    [Fact]
    public void Marks_of_one_class_keep_their_order_however_many_they_are()
    {
        var order = string.Concat(Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "\u0302" : "\u0306"));

        Assert.Equal("q\u0323" + order, Nfc.Normalize("q" + order + "\u0323"));
    }

    [Fact]
    public void A_lone_surrogate_is_refused() => Assert.Throws<ArgumentException>(() => Nfc.Normalize("e\u0301\uD800"));

    [Fact]
    public void The_version_of_Unicode_is_told() => Assert.Equal("15.0.0", UnicodeTables.Version);
}
