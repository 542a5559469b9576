using XmppChatClient.Xml;

namespace XmppChatClient.Stanzas;

/// <summary>The one child that becomes a property of its stanza, and where it stands. RFC 6121 §4.7.2.2 and §5.2.3 let a
/// text come once per language, the stanza's own being the default.</summary>
internal struct FieldChoice
{
    private int _index;
    private bool _fits;

    /// <summary>The first that is in the stanza's language, else the first.</summary>
    public XmppElement? Element { get; private set; }

    /// <summary>Its language, where that is not the stanza's.</summary>
    public readonly string? Language => _fits ? null : Element?.Language;

    public readonly int Count => Element is null ? 0 : 1;

    /// <summary>Whether it is the child that stands there: two children may be one and the same object.</summary>
    public readonly bool IsAt(int index) => Element is not null && _index == index;

    public void Offer(XmppElement element, int index, string? language)
    {
        var fits = element.Language is not { } own || own.Equals(language, StringComparison.OrdinalIgnoreCase);
        if (Element is null || (fits && !_fits))
        {
            (Element, _index, _fits) = (element, index, fits);
        }
    }
}
