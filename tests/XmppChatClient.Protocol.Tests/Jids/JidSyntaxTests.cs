namespace XmppChatClient.Protocol.Tests.Jids;

public sealed class JidSyntaxTests
{
    // RFC 7622 §3.5, table 1; "leading space" is from table 2, which erratum 4560 corrects.
    [Theory]
    [InlineData("juliet@example.com", "juliet", "example.com", null)]
    [InlineData("juliet@example.com/foo", "juliet", "example.com", "foo")]
    [InlineData("juliet@example.com/foo bar", "juliet", "example.com", "foo bar")]
    [InlineData("juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar")]
    [InlineData(@"foo\20bar@example.com", @"foo\20bar", "example.com", null)]
    [InlineData("fussball@example.com", "fussball", "example.com", null)]
    [InlineData("fu\u00DFball@example.com", "fu\u00DFball", "example.com", null)]
    [InlineData("\u03C0@example.com", "\u03C0", "example.com", null)]
    [InlineData("\u03A3@example.com/foo", "\u03C3", "example.com", "foo")]
    [InlineData("\u03C3@example.com/foo", "\u03C3", "example.com", "foo")]
    [InlineData("\u03C2@example.com/foo", "\u03C2", "example.com", "foo")]
    [InlineData("king@example.com/\u265A", "king", "example.com", "\u265A")]
    [InlineData("example.com", null, "example.com", null)]
    [InlineData("example.com/foobar", null, "example.com", "foobar")]
    [InlineData("a.example.com/b@example.net", null, "a.example.com", "b@example.net")]
    [InlineData("juliet@example.com/ foo", "juliet", "example.com", " foo")]
    public void Sample_addresses_of_RFC_7622_are_taken_apart(string text, string? local, string domain, string? resource)
    {
        var jid = Jid.Parse(text);

        Assert.Equal((local, domain, resource), (jid.Local, jid.Domain, jid.Resource));
        Assert.Equal(resource is null, jid.IsBare);
        Assert.Equal(jid, new Jid(local, domain, resource));
    }

    // RFC 7622 §3.5, table 2.
    [Theory]
    [InlineData("\"juliet\"@example.com", "the local part contains U+0022 '\"', which RFC 7622 §3.3.1 forbids")]
    [InlineData(
        "foo bar@example.com", "the local part contains U+0020 ' ', which is not in the IdentifierClass of RFC 8264")]
    [InlineData("@example.com/", "the local part is empty")]
    [InlineData(
        "henry\u2163@example.com",
        "the local part contains U+2163 '\u2163', which is not in the IdentifierClass of RFC 8264")]
    [InlineData(
        "\u265A@example.com",
        "the local part contains U+265A '\u265A', which is not in the IdentifierClass of RFC 8264")]
    [InlineData("juliet@", "the domain part is empty")]
    [InlineData("/foobar", "the domain part is empty")]
    [InlineData("", "the domain part is empty")]
    [InlineData("juliet@example.com/", "the resource part is empty")]
    [InlineData("a@b@example.com", "the domain part contains U+0040 '@', which no domain name may have")]
    [InlineData("juliet@example..com", "the domain part has an empty label")]
    public void What_is_no_address_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(Jid.TryParse(text.AsSpan(), out var jid, out var error));
        Assert.Null(jid);
        Assert.Equal(reason, error);

        Assert.False(Jid.TryParse(text, out _));
        var exception = Assert.Throws<FormatException>(() => Jid.Parse(text));
        Assert.Equal($"Not an XMPP address: {reason}.", exception.Message);
    }

    [Theory]
    [InlineData('"')]
    [InlineData('&')]
    [InlineData('\'')]
    [InlineData('<')]
    [InlineData('>')]
    [InlineData(':')]
    [InlineData(' ')]
    public void A_local_part_has_none_of_the_characters_that_RFC_7622_excludes(char character)
    {
        Assert.False(Jid.TryParse($"a{character}b@example.com", out _));
        Assert.Throws<ArgumentException>("local", () => new Jid($"a{character}b", "example.com", null));
    }

    [Theory]
    [InlineData("a\uFF20b")]
    [InlineData("a\uFF0Fb")]
    [InlineData("a\uFF02b")]
    public void A_fullwidth_form_does_not_bring_in_an_excluded_character(string local) =>
        Assert.Throws<ArgumentException>(nameof(local), () => new Jid(local, "example.com", null));

    [Theory]
    [InlineData("a@b")]
    [InlineData("a/b")]
    public void The_constructor_does_not_let_a_local_part_move_the_borders(string local) =>
        Assert.Throws<ArgumentException>(nameof(local), () => new Jid(local, "example.com", null));

    [Fact]
    public void The_constructor_does_not_let_a_domain_move_the_borders()
    {
        Assert.Throws<ArgumentException>("domain", () => new Jid(null, "example.com/a", null));
        Assert.Throws<ArgumentException>("domain", () => new Jid(null, "a@example.com", null));
    }

    [Fact]
    public void An_empty_part_is_not_an_absent_one()
    {
        Assert.Throws<ArgumentException>("local", () => new Jid("", "example.com", null));
        Assert.Throws<ArgumentException>("domain", () => new Jid(null, "", null));
        Assert.Throws<ArgumentException>("resource", () => new Jid(null, "example.com", ""));
        Assert.Throws<ArgumentException>("resource", () => Jid.Parse("example.com").WithResource(""));
    }

    [Fact]
    public void The_constructor_says_which_part_is_wrong()
    {
        var exception = Assert.Throws<ArgumentException>(() => new Jid("a&b", "example.com", null));

        Assert.StartsWith(
            "The local part contains U+0026 '&', which RFC 7622 §3.3.1 forbids.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("JULIET@EXAMPLE.COM/Balcony", "juliet@example.com/Balcony")]
    [InlineData("juliet@example.com.", "juliet@example.com")]
    [InlineData("juliet@example.com./a.", "juliet@example.com/a.")]
    [InlineData("\uFF2A\uFF35\uFF2C\uFF29\uFF25\uFF34@example.com", "juliet@example.com")]
    [InlineData("re\u0301my@B\u00DCCHER.example/e\u0301", "r\u00E9my@b\u00FCcher.example/\u00E9")]
    [InlineData("remy@xn--bcher-kva.example", "remy@b\u00FCcher.example")]
    [InlineData("example.com/a\u00A0b\u3000c", "example.com/a b c")]
    public void An_address_is_normalised_when_it_is_made(string text, string normal) =>
        Assert.Equal(normal, Jid.Parse(text).ToString());

    [Fact]
    public void Case_counts_in_the_resource_alone()
    {
        Assert.NotEqual(Jid.Parse("a@example.com/R"), Jid.Parse("a@example.com/r"));
        Assert.Equal(Jid.Parse("A@Example.com/R"), Jid.Parse("a@eXample.com/R"));
    }

    [Fact]
    public void No_part_takes_NUL_or_other_control_characters()
    {
        foreach (var control in "\0\t\r\n\u007F\u0085")
        {
            Assert.False(Jid.TryParse($"a{control}@example.com", out _));
            Assert.False(Jid.TryParse($"a@exam{control}ple.com", out _));
            Assert.False(Jid.TryParse($"a@example.com/{control}", out _));
        }
    }

    // Not as theory data: a lone surrogate does not survive in an attribute.
    [Fact]
    public void No_part_takes_a_lone_surrogate()
    {
        foreach (var broken in new[] { "\uD83D", "\uDE00", "\uDE00\uD83D", "a\uD83Db" })
        {
            Assert.False(Jid.TryParse($"{broken}@example.com", out _));
            Assert.False(Jid.TryParse($"a@{broken}.com", out _));
            Assert.False(Jid.TryParse($"a@example.com/{broken}".AsSpan(), out _, out var error));
            Assert.Contains("lone surrogate U+D", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_is_no_address()
    {
        Assert.False(Jid.TryParse(null, out var jid));
        Assert.Null(jid);
        Assert.Throws<ArgumentNullException>(() => Jid.Parse(null!));
    }
}
