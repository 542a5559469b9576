using XmppChatClient.Precis;

namespace XmppChatClient.Protocol.Tests.Jids;

public sealed class OpaqueStringTests
{
    // RFC 8265 §4.3, table 3.
    [Theory]
    [InlineData("correct horse battery staple", "correct horse battery staple")]
    [InlineData("Correct Horse Battery Staple", "Correct Horse Battery Staple")]
    [InlineData("\u03C0\u00DF\u00E5", "\u03C0\u00DF\u00E5")]
    [InlineData("Jack of \u2666s", "Jack of \u2666s")]
    [InlineData("foo\u1680bar", "foo bar")]
    public void Sample_passwords_of_RFC_8265_are_taken(string text, string expected) => Assert.Equal(expected, Enforce(text));

    // RFC 8265 §4.3, table 4.
    [Theory]
    [InlineData("")]
    [InlineData("my cat is a \tby")]
    public void Sample_violations_of_RFC_8265_are_refused(string text) => Assert.Null(Enforce(text));

    [Theory]
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\uFF21", "\uFF21")]
    [InlineData("\uFB01", "\uFB01")]
    [InlineData("\u2163", "\u2163")]
    [InlineData("\u00A0\u2000\u202F\u205F\u3000", "     ")]
    [InlineData("\uD83D\uDE00", "\uD83D\uDE00")]
    [InlineData("1\u05D0", "1\u05D0")]
    [InlineData("Σ", "Σ")]
    public void Only_spaces_are_mapped_before_composition(string text, string expected) =>
        Assert.Equal(expected, Enforce(text));

    [Theory]
    [InlineData("\u007F")]
    [InlineData("\u0085")]
    [InlineData("\u2028")]
    [InlineData("\u00AD")]
    [InlineData("\u200B")]
    [InlineData("\uFEFF")]
    [InlineData("\u1100")]
    [InlineData("\uE000")]
    [InlineData("\u0378")]
    [InlineData("\uFFFF")]
    [InlineData("\u0387")]
    [InlineData("\uD83D\uDC68\u200D\uD83D\uDC69")]
    public void What_is_not_in_the_freeform_class_is_refused(string text) => Assert.Null(Enforce(text));

    [Fact]
    public void A_character_that_is_not_to_be_seen_is_named_by_number_alone()
    {
        Assert.False(OpaqueString.TryEnforce("a\u202Eb", out _, out var error));
        Assert.Equal("contains U+202E, which is not in the FreeformClass of RFC 8264", error);
    }

    private static string? Enforce(string text)
    {
        var isTaken = OpaqueString.TryEnforce(text, out var result, out var error);
        Assert.Equal(isTaken, error is null);
        Assert.Equal(isTaken, result is not null);
        return result;
    }
}
