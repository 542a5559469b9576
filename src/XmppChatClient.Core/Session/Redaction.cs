using XmppChatClient.Xml;

namespace XmppChatClient.Session;

/// <summary>Takes out of an element whatever must not be in a log.</summary>
internal static class Redaction
{
    private const string Mark = "[redacted]";

    // SASL payloads carry the password or what it can be guessed from; conditions and mechanism names are no secrets.
    private static readonly HashSet<XmlName> Secret =
    [
        new("urn:ietf:params:xml:ns:xmpp-sasl", "auth"),
        new("urn:ietf:params:xml:ns:xmpp-sasl", "challenge"),
        new("urn:ietf:params:xml:ns:xmpp-sasl", "response"),
        new("urn:ietf:params:xml:ns:xmpp-sasl", "success"),
        new("urn:xmpp:sasl:2", "initial-response"),
        new("urn:xmpp:sasl:2", "challenge"),
        new("urn:xmpp:sasl:2", "response"),
        new("urn:xmpp:sasl:2", "additional-data"),
        new("jabber:iq:auth", "password"),
        new("jabber:iq:auth", "digest"),
        new("jabber:iq:register", "password"),
        new("jabber:component:accept", "handshake"),
        new("urn:xmpp:fast:0", "token"),
    ];

    public static XmppElement Redact(XmppElement element)
    {
        if (Secret.Contains(element.Name))
        {
            var attributes = element.Attributes.ToArray();
            for (var i = 0; i < attributes.Length; i++)
            {
                if (attributes[i].Name.LocalName == "token")
                {
                    attributes[i] = attributes[i] with { Value = Mark };
                }
            }

            return element.Content.IsEmpty
                ? new XmppElement(element.Name, attributes)
                : new XmppElement(element.Name, attributes, Mark);
        }

        var content = element.Content.ToArray();
        var changed = false;
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i].Element is { } child && Redact(child) is var redacted && !ReferenceEquals(child, redacted))
            {
                content[i] = redacted;
                changed = true;
            }
        }

        return changed ? new XmppElement(element.Name, element.Attributes, content) : element;
    }
}
