using XmppChatClient.Xml;

namespace XmppChatClient.StanzaIds;

/// <summary>XEP-0359 v0.7.0 §2.1 <c>&lt;stanza-id/&gt;</c>: what an account or room calls a message, in its archive too. Anybody can
/// write one into what they send: take them from <see cref="Trusted"/>.</summary>
/// <param name="Id">Never empty; unique among those of <paramref name="By"/>.</param>
/// <param name="By">Who gave it.</param>
public sealed record StanzaId(string Id, Jid By) : IPayload<StanzaId>
{
    internal const string Namespace = "urn:xmpp:sid:0";

    public static XmlName Name { get; } = new(Namespace, "stanza-id");

    /// <summary>The id that a message has in the archive it came by: its room's, if it is of type groupchat, and else our own
    /// account's.</summary>
    /// <param name="message">As it was received.</param>
    /// <param name="self">Our own address.</param>
    /// <returns><see langword="null"/> when it has none that can be believed. A server that knows nothing of stanza-ids does
    /// not take out forged ones: rely on this where it offers an archive (XEP-0313 §3.4).</returns>
    public static StanzaId? Trusted(Message message, Jid self)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(self);
        var archive = message.Type == MessageType.Groupchat ? message.From?.Bare : self.Bare;
        StanzaId? found = null;
        foreach (var payload in message.Payloads)
        {
            var id = payload is XmppElement element && element.Name == Name ? Read(element) : payload as StanzaId;
            if (id is null || id.By != archive)
            {
                continue;
            }

            if (found is not null)
            {
                // §3, rules 2 and 4: the archive takes out what others wrote in its name. This one did not.
                return null;
            }

            found = id;
        }

        return found;
    }

    public static StanzaId? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element.Attribute("id") is { Length: > 0 } id && Jid.TryParse(element.Attribute("by"), out var by)
            ? new StanzaId(id, by)
            : null;
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("id", Id);
        writer.WriteAttribute("by", By.ToString());
        writer.WriteEnd();
    }
}
