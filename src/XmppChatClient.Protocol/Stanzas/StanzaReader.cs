using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using XmppChatClient.Xml;

namespace XmppChatClient.Stanzas;

/// <summary>Makes stanzas of elements. Remembers recent addresses, since a peer's come again and again; for one thread at a
/// time.</summary>
public sealed class StanzaReader
{
    private Places<Jid?> _recent = new();
    private Places<(string Text, Jid Jid)> _sameText = new();

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
        var identity = ByteHash.Of(RuntimeHelpers.GetHashCode(text));
        var same = _sameText[identity];
        if (ReferenceEquals(same.Text, text))
        {
            jid = same.Jid;
            return true;
        }

        if (!TryFind(text, out jid))
        {
            return false;
        }

        if (same.Text is not null)
        {
            _sameText.Displaced();
        }

        _sameText[identity] = (text, jid);
        return true;
    }

    private bool TryFind(string text, [NotNullWhen(true)] out Jid? jid)
    {
        var hash = ByteHash.Of(string.GetHashCode(text, StringComparison.Ordinal));
        jid = _recent[hash];
        if (jid?.ToString() == text)
        {
            return true;
        }

        if (jid is not null)
        {
            _recent.Displaced();
        }

        if (!Jid.TryParse(text, out jid))
        {
            return false;
        }

        _recent[hash] = jid;
        return true;
    }
}
