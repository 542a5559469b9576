namespace XmppChatClient.Protocol.Tests.Jids;

public sealed class JidLimitTests
{
    [Fact]
    public void A_local_part_has_up_to_1023_bytes()
    {
        Assert.True(Jid.TryParse(new string('a', 1023) + "@example.com", out _));
        Assert.False(Jid.TryParse(new string('a', 1024) + "@example.com", out _));
    }

    [Fact]
    public void A_resource_has_up_to_1023_bytes()
    {
        Assert.True(Jid.TryParse("example.com/" + new string('a', 1023), out _));
        Assert.False(Jid.TryParse("example.com/" + new string('a', 1024), out _));
    }

    [Fact]
    public void Bytes_are_counted_and_not_characters()
    {
        var bytes1023 = new string('\u00E9', 511) + "a";
        Assert.Equal(bytes1023, new Jid(bytes1023, "example.com", null).Local);
        Assert.Equal(bytes1023, new Jid(null, "example.com", bytes1023).Resource);

        var bytes1024 = new string('\u00E9', 512);
        Assert.Throws<ArgumentException>("local", () => new Jid(bytes1024, "example.com", null));
        Assert.Throws<ArgumentException>("resource", () => new Jid(null, "example.com", bytes1024));
    }

    [Fact]
    public void Bytes_are_counted_before_normalisation()
    {
        var bytes1023 = string.Concat(Enumerable.Repeat("e\u0301", 341));
        Assert.Equal(new string('\u00E9', 341), new Jid(bytes1023, "example.com", null).Local);

        var bytes1026 = string.Concat(Enumerable.Repeat("e\u0301", 342));
        Assert.Throws<ArgumentException>("local", () => new Jid(bytes1026, "example.com", null));
        Assert.Throws<ArgumentException>("resource", () => new Jid(null, "example.com", bytes1026));
    }

    [Fact]
    public void Bytes_are_counted_after_normalisation()
    {
        // Two bytes become three.
        Assert.Equal(1023, System.Text.Encoding.UTF8.GetByteCount(new Jid(new string('\u0130', 341), "a", null).Local!));
        Assert.Throws<ArgumentException>("local", () => new Jid(new string('\u0130', 342), "a", null));
        // U+0958 is three bytes and becomes six, as it is excluded from composition.
        Assert.Throws<ArgumentException>("resource", () => new Jid(null, "a", new string('\u0958', 171)));
    }

    [Fact]
    public void A_label_has_up_to_63_octets()
    {
        Assert.True(Jid.TryParse(new string('a', 63) + ".example", out _));
        Assert.False(Jid.TryParse(new string('a', 64) + ".example".ToUpperInvariant(), out _));
        Assert.False(Jid.TryParse(new string('a', 64) + ".example", out _));
    }

    [Fact]
    public void A_domain_has_up_to_253_octets()
    {
        var label = new string('a', 63);
        var octets253 = $"{label}.{label}.{label}.{new string('a', 61)}";
        Assert.Equal(253, octets253.Length);

        Assert.Equal(octets253, Jid.Parse(octets253).Domain);
        Assert.Equal(octets253, Jid.Parse(octets253 + ".").Domain);
        Assert.False(Jid.TryParse(octets253 + "a", out _));
    }

    [Fact]
    public void The_longest_address_there_may_be_is_taken()
    {
        var label = new string('a', 63);
        var text = $"{new string('b', 1023)}@{label}.{label}.{label}.{label[2..]}/{new string('c', 1023)}";

        Assert.Equal(text, Jid.Parse(text).ToString());
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}@example.com")]
    [InlineData("a@{0}")]
    [InlineData("a@example.com/{0}")]
    public void A_megabyte_is_refused_before_any_work(string form)
    {
        foreach (var letter in new[] { "a", "A", "\u0130", "\u0301", "." })
        {
            var text = form.Replace("{0}", string.Concat(Enumerable.Repeat(letter, 1 << 20)), StringComparison.Ordinal);
            Assert.False(Jid.TryParse("a" + text, out _));

            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.False(Jid.TryParse(text, out _));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
        }
    }

    [Fact]
    public void A_megabyte_in_a_part_is_refused_before_any_work()
    {
        var text = new string('\u0130', 1 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<ArgumentException>("local", () => new Jid(text, "example.com", null));
        Assert.Throws<ArgumentException>("domain", () => new Jid(null, text, null));
        Assert.Throws<ArgumentException>("resource", () => new Jid(null, "example.com", text));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }
}
