using System.Buffers;
using System.Text;
using CsCheck;
using XmppChatClient.Fuzz;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

/// <summary>However the bytes of a stream are split, the reader finds the same.</summary>
public sealed class SplitTests
{
    // Small enough that a generated stream may meet each of them.
    private static readonly XmlLimits Small = new() { Depth = 2, Attributes = 3, Elements = 4 };

    [Fact]
    public void Every_place_of_one_cut_equals_none() => XmlGenerators.Stream.Sample(
        xml =>
        {
            var bytes = Encoding.UTF8.GetBytes(xml);
            for (var at = 0; at <= bytes.Length; at++)
            {
                AssertSame(bytes, [at], limits: null);
            }
        },
        iter: 25);

    [Fact]
    public void Cuts_anywhere_equal_none() => Gen.Select(XmlGenerators.MutatedStream, Gen.Int[0, 1 << 20].Array[0, 12]).Sample(
        input => AssertSame(input.Item1, [.. input.Item2.Select(at => at % (input.Item1.Length + 1))], limits: null),
        iter: 1_500);

    [Fact]
    public void Cuts_change_nothing_about_limits() => Gen.Select(XmlGenerators.Stream, Gen.Int[0, 1 << 20].Array[0, 12]).Sample(
        input =>
        {
            var bytes = Encoding.UTF8.GetBytes(input.Item1);
            AssertSame(bytes, [.. input.Item2.Select(at => at % (bytes.Length + 1))], Small);
        },
        iter: 1_500);

    [Fact]
    public void Byte_by_byte_equals_whole() => XmlGenerators.MutatedStream.Sample(
        bytes => AssertSame(bytes, [.. Enumerable.Range(0, bytes.Length)], limits: null),
        iter: 150);

    [Fact]
    public void A_size_limit_holds_at_the_same_stanza_however_it_is_split() => Gen.Select(
        XmlGenerators.Stream, Gen.Int[1, 300], Gen.Int[0, 1 << 20].Array[0, 6]).Sample(
        input =>
        {
            // Of what is over the limit more or less may be seen first, so the condition may be another; no stanza may.
            var bytes = Encoding.UTF8.GetBytes(input.Item1);
            var limits = new XmlLimits { StanzaBytes = 180 + input.Item2 };
            var whole = OurReading.OfStream(new ReadOnlySequence<byte>(bytes), limits);
            var pieces = OurReading.OfPieces(Segments.Cut(bytes, input.Item3.Select(at => at % (bytes.Length + 1))), limits);
            Assert.Equal(whole with { Refusal = null }, pieces with { Refusal = null });
        },
        iter: 3_000);

    private static void AssertSame(byte[] bytes, int[] cuts, XmlLimits? limits)
    {
        var whole = OurReading.OfStream(new ReadOnlySequence<byte>(bytes), limits);
        Assert.Equal(whole, OurReading.OfStream(Segments.Of(Segments.Cut(bytes, cuts)), limits));
        Assert.Equal(whole, OurReading.OfPieces(Segments.Cut(bytes, cuts), limits));
    }
}
