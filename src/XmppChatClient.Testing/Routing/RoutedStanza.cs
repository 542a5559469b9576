using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Routing;

/// <summary>A stanza with both its addresses, which are also those of its element. It stays the element that was sent, so
/// that nothing in it is lost or moved on the way. Immutable.</summary>
internal sealed class RoutedStanza
{
    private RoutedStanza(XmppElement element, StanzaKind kind, Jid from, Jid to) =>
        (Element, Kind, From, To) = (element, kind, from, to);

    public XmppElement Element { get; }

    public StanzaKind Kind { get; }

    public Jid From { get; }

    public Jid To { get; }

    /// <summary>The type as it was written.</summary>
    public string? Type => Element.Attribute("type");

    public string? Id => Element.Attribute("id");

    public bool IsError => Type == "error";

    /// <summary>Whether it is a request, which must be answered once.</summary>
    public bool IsRequest => Kind == StanzaKind.Iq && Type is "get" or "set";

    /// <summary>Readdresses a stanza's element.</summary>
    /// <exception cref="ArgumentException">It is no stanza.</exception>
    public static RoutedStanza Of(XmppElement stanza, Jid from, Jid to) => !TryKind(stanza.Name, out var kind)
        ? throw new ArgumentException($"{stanza.Name} is no stanza.", nameof(stanza))
        : new RoutedStanza(Address(stanza, from, to), kind, from, to);

    /// <summary>A stanza made here.</summary>
    public static RoutedStanza Of(Stanza stanza, Jid from, Jid to) => Of(XmppElement.From(stanza), from, to);

    public static bool TryKind(XmlName name, out StanzaKind kind)
    {
        (var known, kind) = name.LocalName switch
        {
            "message" => (true, StanzaKind.Message),
            "presence" => (true, StanzaKind.Presence),
            "iq" => (true, StanzaKind.Iq),
            _ => (false, default),
        };
        return known && name.Namespace == XmppNamespaces.Client;
    }

    /// <summary>The child of that name, or null.</summary>
    public XmppElement? Child(string namespaceName, string localName) => Element.Child(namespaceName, localName);

    /// <summary>Whether it has a child of that name.</summary>
    public bool Has(string namespaceName, string localName) => Child(namespaceName, localName) is not null;

    public RoutedStanza Between(Jid from, Jid to) => Of(Element, from, to);

    /// <summary>The same with one more child, the last.</summary>
    public RoutedStanza With(XmppElement child) => new(
        new XmppElement(Element.Name, Element.Attributes, [.. Element.Content, child]), Kind, From, To);

    /// <summary>The same without some of its children.</summary>
    public RoutedStanza Without(Predicate<XmppElement> children)
    {
        var content = Element.Content.ToArray();
        var kept = Array.FindAll(content, node => node.Element is not { } child || !children(child));
        return kept.Length == content.Length
            ? this : new RoutedStanza(new XmppElement(Element.Name, Element.Attributes, kept), Kind, From, To);
    }

    /// <summary>The answer to a request.</summary>
    public RoutedStanza Result(IXmlWritable? payload = null) => Answer("result", payload);

    /// <summary>The error that tells the sender of this why it failed.</summary>
    public RoutedStanza Error(StanzaError error) => Answer("error", error);

    public override string ToString() => Element.ToString();

    private static XmppElement Address(XmppElement stanza, Jid from, Jid to)
    {
        if (stanza.Attribute("from") == from.ToString() && stanza.Attribute("to") == to.ToString())
        {
            return stanza;
        }

        var attributes = new List<XmlAttribute>(stanza.Attributes.Length + 2)
        {
            new(StanzaNames.From, from.ToString()),
            new(StanzaNames.To, to.ToString()),
        };
        foreach (var attribute in stanza.Attributes)
        {
            if (attribute.Name != StanzaNames.From && attribute.Name != StanzaNames.To)
            {
                attributes.Add(attribute);
            }
        }

        return new XmppElement(stanza.Name, [.. attributes], stanza.Content);
    }

    private RoutedStanza Answer(string type, IXmlWritable? payload)
    {
        var attributes = new List<XmlAttribute>
        {
            new(StanzaNames.From, To.ToString()),
            new(StanzaNames.To, From.ToString()),
            new(StanzaNames.Type, type),
        };
        if (Id is { } id)
        {
            attributes.Add(new XmlAttribute(StanzaNames.Id, id));
        }

        var element = payload is null
            ? new XmppElement(Element.Name, [.. attributes])
            : new XmppElement(Element.Name, [.. attributes], XmppElement.From(payload));
        return new RoutedStanza(element, Kind, To, From);
    }
}
