using System.Text;
using XmppChatClient.Fuzz;

namespace XmppChatClient.Tests.Xml;

/// <summary>Each of <see cref="KnownDifferences"/> is there: one that is gone has to leave the list.</summary>
public sealed class KnownDifferencesTests
{
    private static readonly Dictionary<string, string> Examples = new()
    {
        [nameof(XmlPeculiarity.Comment)] = "<s><!-- c --></s>",
        [nameof(XmlPeculiarity.ProcessingInstruction)] = "<s><?p x?></s>",
        [nameof(XmlPeculiarity.OtherEncoding)] = "<?xml version='1.0' encoding='iso-8859-1'?><s></s>",
        [nameof(XmlPeculiarity.OtherVersion)] = "<?xml version='1.0x'?><s></s>",
        [nameof(XmlPeculiarity.ByteOrderMark)] = "\uFEFF<s></s>",
        [nameof(XmlPeculiarity.LongReference)] = "<s><a>&#0000000000000000000000000000000000065;</a></s>",
        [nameof(XmlPeculiarity.ElementOfPrefixXmlns)] = "<s><xmlns:a/></s>",
        [nameof(XmlPeculiarity.TooDeep)] = $"<s>{Repeated("<a>", 65)}{Repeated("</a>", 65)}</s>",
        [nameof(XmlPeculiarity.TooManyAttributes)] = $"<s><a{string.Concat(Enumerable.Range(0, 65).Select(i => $" a{i}=''"))}/></s>",
        [nameof(XmlPeculiarity.TooManyElements)] = $"<s><a>{Repeated("<b/>", 20_000)}</a></s>",
        [nameof(XmlPeculiarity.TextBetweenStanzas)] = "<s>text</s>",
        [nameof(XmlPeculiarity.EmptyStream)] = "<s/>",
        [nameof(XmlPeculiarity.AfterTheStream)] = "<s></s><s></s>",
        [nameof(XmlPeculiarity.SpaceAttribute)] = "<s><a xml:space='x'/></s>",
    };

    // Only of an element that stands alone.
    private static readonly Dictionary<string, byte[]> AloneExamples = new()
    {
        [nameof(XmlPeculiarity.XmlDeclaration)] = [.. "<?xml version='1.0'?><a/>"u8],
        [nameof(XmlPeculiarity.CutCharacter)] = [.. "<a/>"u8, 0xE2, 0x82],
    };

    public static TheoryData<string> Names { get; } = [.. Enum.GetNames<XmlPeculiarity>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_a_difference_still(string name)
    {
        var peculiarity = Enum.Parse<XmlPeculiarity>(name);
        if (AloneExamples.TryGetValue(name, out var alone))
        {
            Assert.Contains(OurReading.OfElement(alone).Refusal!.Value, KnownDifferences.Refused[peculiarity]);
            Assert.Equal(XmlReadingEnd.Closed, PlatformReading.OfElement(alone).Reading.End);
            Assert.Null(ReaderComparison.OfElement(alone));
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(Examples[name]);
        var ours = OurReading.OfPieces([bytes]);
        var platform = PlatformReading.OfStream(bytes);
        Assert.Contains(peculiarity, platform.Seen);
        Assert.Null(ReaderComparison.OfStream(bytes));
        if (KnownDifferences.Refused.TryGetValue(peculiarity, out var answers))
        {
            Assert.Equal((XmlReadingEnd.Refused, XmlReadingEnd.Closed), (ours.End, platform.Reading.End));
            Assert.Contains(ours.Refusal!.Value, answers);
        }
        else
        {
            Assert.Contains(peculiarity, (IReadOnlySet<XmlPeculiarity>)KnownDifferences.Taken);
            Assert.Equal((XmlReadingEnd.Closed, XmlReadingEnd.Refused), (ours.End, platform.Reading.End));
        }
    }

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
