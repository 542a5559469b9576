using System.Buffers;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Fuzz;

/// <summary>XML from a peer: our reader against the platform's, against itself however the bytes are split, against the
/// writer, and then the stanzas that come of it.</summary>
internal static class ReaderTarget
{
    // Small, so that the fuzzer finds them. Elements are left: too many cost too much.
    private static readonly XmlLimits Small = new() { Depth = 6, Attributes = 6, Elements = 40 };

    public static void Check(byte[] bytes)
    {
        FuzzFailureException.ThrowIf(ReaderComparison.OfElement(bytes, Small));
        FuzzFailureException.ThrowIf(ReaderComparison.OfStream(bytes, Small));
        CheckSplits(bytes);
        FuzzFailureException.ThrowIf(PrintingCheck.OfElement(bytes));
        CheckStanza(bytes);
    }

    private static void CheckSplits(byte[] bytes)
    {
        var whole = OurReading.OfStream(new ReadOnlySequence<byte>(bytes), Small);
        var last = bytes.Length;
        foreach (var places in (int[][])[[last / 2], [last / 3, last / 3, last / 2, last], [.. Enumerable.Range(0, Math.Min(last, 300))]])
        {
            FuzzFailureException.ThrowUnlessSame(
                whole, OurReading.OfStream(Segments.Of(Segments.Cut(bytes, places)), Small), "In segments");
            FuzzFailureException.ThrowUnlessSame(whole, OurReading.OfPieces(Segments.Cut(bytes, places), Small), "In pieces");
        }
    }

    private static void CheckStanza(byte[] bytes)
    {
        XmppElement element;
        try
        {
            element = XmppElement.Parse(bytes);
        }
        catch (XmppProtocolException)
        {
            return;
        }

        if (new StanzaReader().Read(element, out _) is { } stanza)
        {
            _ = stanza.Error?.ToString();
            var printed = stanza.ToString();
            var again = new StanzaReader().Read(XmppElement.Parse(printed), out var problem);
            FuzzFailureException.ThrowUnlessSame(printed, again?.ToString() ?? problem, "A stanza printed and read");
        }
    }
}
