using XmppChatClient.Xml;

namespace XmppChatClient.Stanzas;

/// <summary>Makes stanzas of elements. Remembers recent addresses, since a peer's come again and again; for one thread at a
/// time.</summary>
public sealed class StanzaReader
{
    private const int Slots = 256;
    private readonly Jid?[] _recent = new Jid?[Slots];

    /// <summary>Reads a stanza; <see langword="null"/> with the reason when the element is none, or is malformed.</summary>
    public Stanza? Read(XmppElement element, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(element);
        problem = null;
        if (element.Name.Namespace != Stanza.Namespace)
        {
            problem = $"{element.Name} is not a stanza";
            return null;
        }

        if (!TryAddress(element, "from", out var from))
        {
            problem = "the sender's address is malformed";
            return null;
        }

        if (!TryAddress(element, "to", out var to))
        {
            problem = "the receiver's address is malformed";
            return null;
        }

        Stanza? stanza = element.Name.LocalName switch
        {
            "message" => Message.Read(element, from, to),
            "presence" => Presence.Read(element, from, to),
            "iq" => Iq.Read(element, from, to),
            _ => null,
        };
        problem = stanza is null ? $"<{element.Name.LocalName}/> of type '{element.Attribute("type")}' is unknown" : null;
        return stanza;
    }

    private bool TryAddress(XmppElement element, string attribute, out Jid? jid)
    {
        jid = null;
        if (element.Attribute(attribute) is not { } text)
        {
            return true;
        }

        ref var slot = ref _recent[(uint)string.GetHashCode(text, StringComparison.Ordinal) % Slots];
        if (slot is not null && slot.ToString() == text)
        {
            jid = slot;
            return true;
        }

        if (!Jid.TryParse(text, out jid))
        {
            return false;
        }

        slot = jid;
        return true;
    }
}
