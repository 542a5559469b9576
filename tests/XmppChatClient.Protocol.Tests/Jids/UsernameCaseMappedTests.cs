using XmppChatClient.Precis;

namespace XmppChatClient.Protocol.Tests.Jids;

public sealed class UsernameCaseMappedTests
{
    // RFC 8265 §3.5, table 1.
    [Theory]
    [InlineData("juliet@example.com", "juliet@example.com")]
    [InlineData("fussball", "fussball")]
    [InlineData("fu\u00DFball", "fu\u00DFball")]
    [InlineData("\u03C0", "\u03C0")]
    [InlineData("\u03A3", "\u03C3")]
    [InlineData("\u03C3", "\u03C3")]
    [InlineData("\u03C2", "\u03C2")]
    public void Sample_names_of_RFC_8265_are_taken(string text, string expected) => Assert.Equal(expected, Enforce(text));

    // RFC 8265 §3.5, table 2.
    [Theory]
    [InlineData("foo bar")]
    [InlineData("")]
    [InlineData("henry\u2163")]
    [InlineData("\u265A")]
    public void Sample_violations_of_RFC_8265_are_refused(string text) => Assert.Null(Enforce(text));

    [Theory]
    [InlineData("JULIET", "juliet")]
    [InlineData("\u00C5NGSTR\u00D6M", "\u00E5ngstr\u00F6m")]
    [InlineData("\u1E9E", "\u00DF")]
    [InlineData("\u0130", "i\u0307")]
    [InlineData("I", "i")]
    [InlineData("\u13A0", "\uAB70")]
    [InlineData("\uD801\uDC00", "\uD801\uDC28")]
    [InlineData("\u039F\u0394\u039F\u03A3", "\u03BF\u03B4\u03BF\u03C3")]
    public void Uppercase_becomes_lowercase_whatever_the_language_and_the_place(string text, string expected) =>
        Assert.Equal(expected, Enforce(text));

    [Theory]
    [InlineData("\uFF2A\uFF55\uFF4C", "jul")]
    [InlineData("\uFF76\uFF9E", "\u30AC")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("E\u0301", "\u00E9")]
    [InlineData("s\u0307\u0323", "\u1E69")]
    [InlineData("\u1112\u1161\u11AB", null)]
    public void Widths_are_mapped_and_the_rest_composed(string text, string? expected) =>
        Assert.Equal(expected, Enforce(text));

    [Theory]
    [InlineData("\u212B")]
    [InlineData("\uFB01")]
    [InlineData("\u00AA")]
    [InlineData("a\u00ADb")]
    [InlineData("a\uFE0F")]
    [InlineData("\u200B")]
    [InlineData("\uE000")]
    [InlineData("\u0378")]
    [InlineData("\u01C5")]
    [InlineData("\u0640")]
    [InlineData("\u20AC")]
    [InlineData("\u201C")]
    [InlineData("\uFDD0")]
    [InlineData("\uD83D\uDE00")]
    public void What_is_no_letter_digit_or_ASCII_symbol_is_refused(string text) => Assert.Null(Enforce(text));

    [Theory]
    [InlineData("\u05D0\u05D1", true)]
    [InlineData("\u05D01", true)]
    [InlineData("1\u05D0", false)]
    [InlineData("\u05D0a", false)]
    [InlineData("a\u05D0", false)]
    [InlineData("\u05D0\u05B0", true)]
    [InlineData("\u05D0-", false)]
    [InlineData("\u06271\u0661", false)]
    [InlineData("\u0661\u0627", false)]
    [InlineData("1-", true)]
    public void The_bidi_rule_binds_names_with_right_to_left_letters(string text, bool isTaken) =>
        Assert.Equal(isTaken, Enforce(text) is not null);

    // RFC 5892 appendix A.
    [Theory]
    [InlineData("l\u00B7l", true)]
    [InlineData("L\u00B7L", true)]
    [InlineData("l\u00B7", false)]
    [InlineData("\u00B7l", false)]
    [InlineData("a\u00B7l", false)]
    [InlineData("\u0375\u03B1", true)]
    [InlineData("\u0375a", false)]
    [InlineData("\u03B1\u0375", false)]
    [InlineData("\u05D0\u05F3", true)]
    [InlineData("\u05D0\u05F4\u05D1", true)]
    [InlineData("\u05F3\u05D0", false)]
    [InlineData("\u30FB\u30AB", true)]
    [InlineData("a\u30FBb\u6F22", true)]
    [InlineData("a\u30FBb", false)]
    [InlineData("\u0627\u0661", true)]
    [InlineData("\u0627\u06F1", true)]
    [InlineData("\u0627\u0661\u06F1", false)]
    [InlineData("\u0915\u094D\u200D\u0937", true)]
    [InlineData("\u0915\u200D\u0937", false)]
    [InlineData("\u200D", false)]
    [InlineData("\u0915\u094D\u200C\u0937", true)]
    [InlineData("\u0645\u200C\u0627", true)]
    [InlineData("\u0645\u064E\u200C\u064E\u0627", true)]
    [InlineData("\u0627\u200C\u0645", false)]
    [InlineData("a\u200Cb", false)]
    [InlineData("\u0645\u200C", false)]
    public void A_contextual_code_point_needs_its_context(string text, bool isTaken) =>
        Assert.Equal(isTaken, Enforce(text) is not null);

    [Fact]
    public void A_long_name_costs_no_more_than_its_length()
    {
        // Each of these makes the square of it for someone: marks to sort, lowercases that grow, questions of context.
        foreach (var piece in new[] { "\u0301\u0323", "\u0130", "\u30FB", "\u0661", "\u0645\u200C" })
        {
            var text = "a" + string.Concat(Enumerable.Repeat(piece, 50_000));
            UsernameCaseMapped.TryEnforce(text, out _, out _);
        }
    }

    private static string? Enforce(string text)
    {
        var isTaken = UsernameCaseMapped.TryEnforce(text, out var result, out var error);
        Assert.Equal(isTaken, error is null);
        Assert.Equal(isTaken, result is not null);
        if (isTaken)
        {
            Assert.True(UsernameCaseMapped.TryEnforce(result, out var again, out _));
            Assert.Equal(result, again);
        }

        return result;
    }
}
