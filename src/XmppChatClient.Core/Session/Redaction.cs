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
        new("jabber:iq:auth", "digest"),
        new("jabber:component:accept", "handshake"),
        new("urn:xmpp:fast:0", "token"),
        new("urn:xmpp:http:upload:0", "header"),
    ];

    private static readonly XmlName FormField = new("jabber:x:data", "field");
    private static readonly XmlName FormValue = new("jabber:x:data", "value");

    public static XmppElement Redact(XmppElement element)
    {
        // Registration, rooms and old logins each have a password of their own.
        if (Secret.Contains(element.Name) || element.Name.LocalName == "password")
        {
            return Hide(element);
        }

        var attributes = HideAttributes(element);
        var content = element.Content.ToArray();
        var changed = attributes is not null;
        var isSecretField = IsSecretField(element);
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i].Element is { } child
                && (isSecretField && child.Name == FormValue ? Hide(child) : Redact(child)) is var redacted
                && !ReferenceEquals(child, redacted))
            {
                content[i] = redacted;
                changed = true;
            }
        }

        return changed ? new XmppElement(element.Name, attributes ?? element.Attributes, content) : element;
    }

    // XEP-0004 §3.3; what is submitted need not say its type, so that the names in use must do (XEP-0077, XEP-0045).
    private static bool IsSecretField(XmppElement element) =>
        element.Name == FormField
        && (element.Attribute("type") == "text-private"
            || (element.Attribute("var") is { } name
                && (name.EndsWith("password", StringComparison.OrdinalIgnoreCase)
                    || name.EndsWith("secret", StringComparison.OrdinalIgnoreCase))));

    private static XmppElement Hide(XmppElement element)
    {
        var attributes = HideAttributes(element);
        return element.Content.IsEmpty
            ? attributes is null ? element : new XmppElement(element.Name, attributes)
            : new XmppElement(element.Name, attributes ?? element.Attributes, Mark);
    }

    private static XmlAttribute[]? HideAttributes(XmppElement element)
    {
        XmlAttribute[]? hidden = null;
        for (var i = 0; i < element.Attributes.Length; i++)
        {
            if (element.Attributes[i].Name.LocalName is "token" or "password")
            {
                hidden ??= element.Attributes.ToArray();
                hidden[i] = hidden[i] with { Value = Mark };
            }
        }

        return hidden;
    }
}
