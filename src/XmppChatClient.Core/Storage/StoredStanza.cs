using System.Text;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Storage;

internal static class StoredStanza
{
    // It has passed the limits of whoever wrote it.
    private static readonly XmlLimits Limits = new()
    {
        StanzaBytes = int.MaxValue,
        Depth = 1024,
        Attributes = int.MaxValue,
        Prefixes = int.MaxValue,
        Elements = int.MaxValue,
    };

    /// <exception cref="XmppStoreException">It is no message.</exception>
    public static Message ReadMessage(string xml)
    {
        try
        {
            return new StanzaReader().Read(XmppElement.Parse(Encoding.UTF8.GetBytes(xml), Limits), out var problem) as Message
                ?? throw new XmppStoreException($"The store holds what is no message: {problem}.");
        }
        catch (XmppProtocolException e)
        {
            throw new XmppStoreException($"The store holds what is no message: {e.Message}", e);
        }
    }
}
