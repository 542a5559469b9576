using XmppChatClient.Xml;

namespace XmppChatClient.StreamManagement;

/// <summary>What makes a message the same when it comes once more: by whom, what its sender calls it, and what our archive does
/// (XEP-0359). All of it, as some number their messages and begin anew, and nobody on the way changes any.</summary>
internal readonly record struct MessageKey(Jid? From, string? Id, string? OriginId, string? StanzaId)
{
    private static readonly XmlName OriginIdName = new("urn:xmpp:sid:0", "origin-id");
    private static readonly XmlName StanzaIdName = new("urn:xmpp:sid:0", "stanza-id");

    // XML cannot carry it.
    private const char Separator = '\u0001';

    /// <summary>Whether no other message will ever have it: an id that is the archive's, or its sender's for good.</summary>
    public bool IsUnique => OriginId is not null || StanzaId is not null;

    /// <returns>What <see cref="ToString"/> gave; <see langword="null"/> when that cannot be.</returns>
    public static MessageKey? Parse(string? text) => text?.Split(Separator) is [var from, var id, var originId, var stanzaId]
        ? new MessageKey(Jid.TryParse(from, out var jid) ? jid : null, Some(id), Some(originId), Some(stanzaId))
        : null;

    public override string ToString() => string.Join(Separator, From, Id, OriginId, StanzaId);

    /// <param name="account">Our bare address, by which the server names what it archives (XEP-0359 §3).</param>
    /// <returns><see langword="null"/> for a message without anything to know it by.</returns>
    public static MessageKey? Of(Message message, Jid account)
    {
        string? originId = null;
        string? stanzaId = null;
        foreach (var payload in message.Payloads)
        {
            // What came is elements; what a module made may be anything.
            var element = XmppElement.From(payload);
            if (element.Name == OriginIdName)
            {
                originId ??= element.Attribute("id");
            }
            else if (element.Name == StanzaIdName && element.Attribute("by") == account.ToString())
            {
                stanzaId ??= element.Attribute("id");
            }
        }

        return message.Id is null && originId is null && stanzaId is null
            ? null
            : new MessageKey(message.From, message.Id, originId, stanzaId);
    }

    private static string? Some(string text) => text.Length == 0 ? null : text;
}
