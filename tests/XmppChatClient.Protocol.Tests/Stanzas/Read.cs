using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Tests.Stanzas;

/// <summary>Stanzas of XML.</summary>
internal static class Read
{
    public static TStanza Stanza<TStanza>(string xml)
        where TStanza : Stanza
    {
        var stanza = new StanzaReader().Read(XmppElement.Parse(xml), out var problem);
        Assert.Null(problem);
        return Assert.IsType<TStanza>(stanza);
    }

    public static string Problem(string xml)
    {
        Assert.Null(new StanzaReader().Read(XmppElement.Parse(xml), out var problem));
        Assert.NotNull(problem);
        return problem;
    }
}
