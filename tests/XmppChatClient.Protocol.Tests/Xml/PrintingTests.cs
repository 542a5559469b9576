using System.Text;
using CsCheck;
using XmppChatClient.Fuzz;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Xml;

/// <summary>What was read, printed and read again is the same.</summary>
public sealed class PrintingTests
{
    [Fact]
    public void What_is_read_is_printed_and_read_again_as_it_was() => XmlGenerators.MutatedElement.Sample(
        bytes => Assert.Null(PrintingCheck.OfElement(bytes)), iter: 4_000);

    [Fact]
    public void What_is_printed_is_read_by_the_platform_too() => XmlGenerators.Element.Sample(
        xml =>
        {
            if (OurReading.OfElement(Encoding.UTF8.GetBytes(xml)).End == XmlReadingEnd.Closed)
            {
                var printed = Encoding.UTF8.GetBytes(XmppElement.Parse(xml).ToString());
                Assert.Equal(XmlReadingEnd.Closed, OurReading.OfElement(printed).End);
                Assert.Null(ReaderComparison.OfElement(printed));
            }
        },
        iter: 1_000);
}
