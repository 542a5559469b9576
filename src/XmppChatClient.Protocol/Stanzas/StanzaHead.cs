using XmppChatClient.Xml;

namespace XmppChatClient.Stanzas;

/// <summary>The attributes that every stanza may have (RFC 6120 §8.1), read in one pass.</summary>
internal readonly ref struct StanzaHead
{
    private StanzaHead(string? from, string? to, string? id, string? type, string? language) =>
        (From, To, Id, Type, Language) = (from, to, id, type, language);

    public string? From { get; }

    public string? To { get; }

    public string? Id { get; }

    public string? Type { get; }

    public string? Language { get; }

    public static StanzaHead Of(XmppElement element)
    {
        string? from = null, to = null, id = null, type = null, language = null;
        foreach (ref readonly var attribute in element.Attributes)
        {
            if (attribute.Name.Namespace.Length != 0)
            {
                language = attribute.Name == XmlName.Lang ? attribute.Value : language;
                continue;
            }

            switch (attribute.Name.LocalName)
            {
                case "from":
                    from = attribute.Value;
                    break;
                case "to":
                    to = attribute.Value;
                    break;
                case "id":
                    id = attribute.Value;
                    break;
                case "type":
                    type = attribute.Value;
                    break;
            }
        }

        return new StanzaHead(from, to, id, type, language);
    }
}
