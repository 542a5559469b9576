using System.Globalization;

namespace XmppChatClient.Protocol.Tests.Jids;

public sealed class JidIdentityTests
{
    [Theory]
    [InlineData("juliet@example.com/balcony")]
    [InlineData("juliet@example.com")]
    [InlineData("example.com")]
    [InlineData("example.com/\u265A")]
    [InlineData("fu\u00DFball@b\u00FCcher.example/\u00E9")]
    public void A_normal_text_is_kept_as_the_instance_it_is(string text) => Assert.Same(text, Jid.Parse(text).ToString());

    [Fact]
    public void Parsing_normal_ASCII_copies_no_text()
    {
        var text = $"{new string('a', 1000)}@capulet.example/{new string('b', 1000)}";
        Assert.NotNull(Jid.Parse(text));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var jid = Jid.Parse(text);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // 40 in optimised code; the first runs of a method box a little.
        Assert.InRange(allocated, 1, 400);
        Assert.False(jid.IsBare);
    }

    [Fact]
    public void Addresses_of_the_same_entity_are_equal()
    {
        var one = Jid.Parse("Juliet@Example.COM/balcony");
        var other = new Jid("juliet", "example.com.", "balcony");

        Assert.True(one == other);
        Assert.False(one != other);
        Assert.True(one.Equals((object)other));
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(0, one.CompareTo(other));
    }

    [Theory]
    [InlineData("juliet@example.com")]
    [InlineData("romeo@example.com/balcony")]
    [InlineData("juliet@example.net/balcony")]
    [InlineData("juliet@example.com/Balcony")]
    [InlineData("example.com/balcony")]
    public void Addresses_that_differ_in_a_part_are_not_equal(string text)
    {
        var one = Jid.Parse("juliet@example.com/balcony");
        var other = Jid.Parse(text);

        Assert.False(one == other);
        Assert.True(one != other);
        Assert.NotEqual(0, one.CompareTo(other));
        Assert.Equal(Math.Sign(one.CompareTo(other)), -Math.Sign(other.CompareTo(one)));
    }

    [Fact]
    public void Nothing_equals_only_nothing()
    {
        Jid? nothing = null;
        var jid = Jid.Parse("example.com");

        Assert.True(nothing == null);
        Assert.False(nothing == jid);
        Assert.False(jid == nothing);
        Assert.False(jid.Equals(null));
        Assert.False(jid.Equals("example.com"));
        Assert.True(jid.CompareTo(nothing) > 0);
    }

    [Fact]
    public void Order_is_ordinal()
    {
        Jid[] jids = [Jid.Parse("\u00E9@a"), Jid.Parse("b@a"), Jid.Parse("a@a/B"), Jid.Parse("a@a"), Jid.Parse("a@a/b")];

        Assert.Equal(["a@a", "a@a/B", "a@a/b", "b@a", "\u00E9@a"], jids.Order().Select(jid => jid.ToString()));
    }

    [Fact]
    public void The_bare_address_is_made_once_and_is_its_own_bare_address()
    {
        var jid = Jid.Parse("juliet@example.com/balcony");

        Assert.Equal("juliet@example.com", jid.Bare.ToString());
        Assert.Same(jid.Bare, jid.Bare);
        Assert.Same(jid.Bare, jid.Bare.Bare);
        Assert.True(jid.Bare.IsBare);
        Assert.Null(jid.Bare.Resource);
    }

    [Fact]
    public void A_resource_is_put_on_or_replaced()
    {
        var bare = Jid.Parse("juliet@example.com");
        var full = bare.WithResource("a\u00A0b");

        Assert.Equal("juliet@example.com/a b", full.ToString());
        Assert.Same(bare, full.Bare);
        Assert.Equal("juliet@example.com/c", full.WithResource("c").ToString());
        Assert.Equal("juliet", full.WithResource("c").Local);
        Assert.Equal("example.com/x/y", Jid.Parse("example.com").WithResource("x/y").ToString());
        Assert.Throws<ArgumentException>("resource", () => bare.WithResource("\0"));
        Assert.Throws<ArgumentNullException>("resource", () => bare.WithResource(null!));
    }

    [Fact]
    public void It_formats_into_a_buffer_that_is_long_enough()
    {
        var jid = Jid.Parse("a@example.com");
        var buffer = new char[13];

        Assert.True(jid.TryFormat(buffer, out var written));
        Assert.Equal("a@example.com", new string(buffer, 0, written));
        Assert.False(jid.TryFormat(buffer.AsSpan(1), out written));
        Assert.Equal(0, written);
        Assert.Equal("to a@example.com", string.Create(CultureInfo.InvariantCulture, $"to {jid}"));
    }

    [Fact]
    public void Generic_code_can_parse_it()
    {
        Assert.Equal(Jid.Parse("a@example.com"), ParseAs<Jid>("A@example.com"));
        Assert.Equal(Jid.Parse("a@example.com"), ParseSpanAs<Jid>("A@example.com"));
        Assert.Throws<FormatException>(() => ParseAs<Jid>("@"));
        Assert.Throws<FormatException>(() => ParseSpanAs<Jid>("@"));
        Assert.True(TryParseAs<Jid>("a@example.com", out _));
        Assert.False(TryParseAs<Jid>("@", out _));
    }

    // The alphabet is what the rules disagree about; the numbers come from a fixed linear congruence.
    [Fact]
    public void What_is_printed_parses_to_the_same_address()
    {
        string[] pieces =
        [
            "a", "B", "l", "1", ".", "-", "_", "@", "/", " ", "e", "\u0301", "\u0307", "\u0323", "\u00DF", "\u0130",
            "\u03A3", "\u03C2", "\u00B7", "\u05D0", "\u05F3", "\u0627", "\u0661", "\u06F1", "\u200D", "\u094D", "\u0915",
            "\u0958", "\u30AB", "\uFF76", "\uFF9E", "\u30FB", "\uFF21", "\uFF0E", "\u00A0", "\u212B", "\u1100", "\u1161",
            "\uAC00", "\u11A8", "\uD801\uDC00", "xn--bcher-kva", "\uD83D\uDE00", "\u0345", "\u1FB3",
        ];
        var state = 20_260_101u;
        var taken = 0;
        for (var round = 0; round < 60_000; round++)
        {
            var text = "";
            for (var length = 1 + Next(7); length > 0; length--)
                text += pieces[Next(pieces.Length)];
            if (Next(3) > 0)
                text = $"{text.Replace("@", "", StringComparison.Ordinal)}@example.com/{pieces[Next(pieces.Length)]}";
            if (!Jid.TryParse(text, out var jid))
                continue;

            taken++;
            Assert.Equal(jid, Jid.Parse(jid.ToString()));
            Assert.Equal(jid, new Jid(jid.Local, jid.Domain, jid.Resource));
            Assert.Equal(jid.Domain, Jid.Parse(Precis.Idna.ToAscii(jid.Domain)).Domain);
        }

        Assert.InRange(taken, 5_000, 60_000);

        int Next(int limit)
        {
            state = unchecked((state * 1_664_525) + 1_013_904_223);
            return (int)(state >> 8) % limit;
        }
    }

    private static T ParseAs<T>(string text)
        where T : IParsable<T> => T.Parse(text, CultureInfo.InvariantCulture);

    private static T ParseSpanAs<T>(ReadOnlySpan<char> text)
        where T : ISpanParsable<T> => T.Parse(text, CultureInfo.InvariantCulture);

    private static bool TryParseAs<T>(string text, out T? value)
        where T : ISpanParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out value)
        && T.TryParse(text.AsSpan(), CultureInfo.InvariantCulture, out value);
}
