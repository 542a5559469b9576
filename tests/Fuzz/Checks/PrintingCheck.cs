using XmppChatClient.Xml;

namespace XmppChatClient.Fuzz;

/// <summary>Reads, prints and reads again.</summary>
internal static class PrintingCheck
{
    /// <summary>What did not stay as it was, or <see langword="null"/>; so too for what is no element.</summary>
    public static string? OfElement(ReadOnlySpan<byte> bytes)
    {
        XmppElement element;
        try
        {
            element = XmppElement.Parse(bytes);
        }
        catch (XmppProtocolException)
        {
            return null;
        }

        var printed = element.ToString();
        XmppElement again;
        try
        {
            again = XmppElement.Parse(printed);
        }
        catch (XmppProtocolException refusal)
        {
            return $"{refusal.Message} It was printed as {printed}";
        }

        return CanonicalTree.Of(element) != CanonicalTree.Of(again) ? $"Another tree was printed: {printed}"
            : again.ToString() != printed ? $"It was printed in two ways: {printed} and {again}"
            : null;
    }
}
