using System.Runtime.CompilerServices;
using XmppChatClient.Xml;

namespace XmppChatClient.Stanzas;

/// <summary>Makes stanzas of elements. Remembers recent addresses, since a peer's come again and again; for one thread at a
/// time.</summary>
public sealed class StanzaReader
{
    private const int Slots = 256;
    private readonly Jid?[] _recent = new Jid?[Slots];
    private readonly (string Text, Jid Jid)[] _sameText = new (string, Jid)[Slots];

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

        var head = StanzaHead.Of(element);
        if (!TryAddress(head.From, out var from))
        {
            problem = "the sender's address is malformed";
            return null;
        }

        if (!TryAddress(head.To, out var to))
        {
            problem = "the receiver's address is malformed";
            return null;
        }

        Stanza? stanza = element.Name.LocalName switch
        {
            "message" => Message.Read(element, head, from, to),
            "presence" => Presence.Read(element, head, from, to),
            "iq" => Iq.Read(element, head, from, to),
            _ => null,
        };
        problem = stanza is null ? $"<{element.Name.LocalName}/> of type '{head.Type}' is unknown" : null;
        return stanza;
    }

    private bool TryAddress(string? text, out Jid? jid)
    {
        jid = null;
        if (text is null)
        {
            return true;
        }

        // The reader of a stream mostly gives the same string for the same address: that is quicker than to compare it.
        ref var same = ref _sameText[RuntimeHelpers.GetHashCode(text) % Slots];
        if (ReferenceEquals(same.Text, text))
        {
            jid = same.Jid;
            return true;
        }

        ref var recent = ref _recent[(uint)string.GetHashCode(text, StringComparison.Ordinal) % Slots];
        if (recent?.ToString() != text)
        {
            if (!Jid.TryParse(text, out var parsed))
            {
                return false;
            }

            recent = parsed;
        }

        jid = recent;
        same = (text, recent);
        return true;
    }
}
