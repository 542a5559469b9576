using System.Text;
using CsCheck;
using XmppChatClient.Fuzz;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

/// <summary>Our reader against <see cref="System.Xml.XmlReader"/>: the same tree, or both refuse, or one of
/// <see cref="KnownDifferences"/>. A failure prints the seed that repeats it.</summary>
public sealed class ReaderComparisonTests
{
    private static readonly XmlLimits Small = new() { Depth = 3, Attributes = 4, Elements = 6 };

    [Fact]
    public void Generated_elements_are_read_as_the_platform_reads_them() => XmlGenerators.Element.Sample(
        xml => Check(ReaderComparison.OfElement(Encoding.UTF8.GetBytes(xml))), iter: 2_000);

    [Fact]
    public void Mutated_elements_are_judged_as_the_platform_judges_them() => XmlGenerators.MutatedElement.Sample(
        bytes => Check(ReaderComparison.OfElement(bytes)), iter: 6_000, print: Shown);

    [Fact]
    public void Generated_streams_are_read_as_the_platform_reads_them() => XmlGenerators.Stream.Sample(
        xml => Check(ReaderComparison.OfStream(Encoding.UTF8.GetBytes(xml))), iter: 2_000);

    [Fact]
    public void Mutated_streams_are_judged_as_the_platform_judges_them() => XmlGenerators.MutatedStream.Sample(
        bytes => Check(ReaderComparison.OfStream(bytes)), iter: 4_000, print: Shown);

    [Fact]
    public void Limits_are_the_only_difference_when_they_are_small() => Gen.Select(
        XmlGenerators.Element, XmlGenerators.Stream).Sample(
        documents =>
        {
            Check(ReaderComparison.OfElement(Encoding.UTF8.GetBytes(documents.Item1), Small));
            Check(ReaderComparison.OfStream(Encoding.UTF8.GetBytes(documents.Item2), Small));
        },
        iter: 2_000);

    [Fact]
    public void Most_generated_elements_are_well_formed()
    {
        var (read, all) = (0, 0);
        XmlGenerators.Element.Sample(
            xml =>
            {
                Interlocked.Increment(ref all);
                if (OurReading.OfElement(Encoding.UTF8.GetBytes(xml)).End == XmlReadingEnd.Closed)
                {
                    Interlocked.Increment(ref read);
                }
            },
            iter: 1_000);
        Assert.InRange(read, all / 2, all - 1);
    }

    private static string Shown(byte[] bytes) => $"{Encoding.Latin1.GetString(bytes)} = {Convert.ToHexString(bytes)}";

    private static void Check(string? difference) => Assert.True(difference is null, difference);
}
