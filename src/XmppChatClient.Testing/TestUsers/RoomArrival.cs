using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Rooms;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.TestUsers;

/// <summary>Gathers what a room sends to a user that enters it (XEP-0045 §7.1): the others, the user itself, what was said, and
/// the subject.</summary>
/// <param name="id">That of the presence the user entered with.</param>
internal sealed class RoomArrival(Jid room, string id)
{
    private readonly List<Presence> _others = [];
    private readonly List<Message> _history = [];
    private Presence? _self;
    private string? _subject;

    /// <summary>All of it, or null while something is to come.</summary>
    public JoinedRoom? Result => _self is { From: { } occupant } && _subject is not null
        ? new JoinedRoom(occupant, _self, _others, _history, _subject) : null;

    /// <summary>Why the room did not let the user in, or null.</summary>
    public StanzaError? Refusal { get; private set; }

    /// <summary>Whether an element may belong to it: presence or something said, in that room.</summary>
    public bool Concerns(XmppElement element) =>
        (element.Name == StanzaNames.Presence
            || (element.Name == StanzaNames.Message && element.Attribute("type") == "groupchat"))
        && Jid.TryParse(element.Attribute("from"), out var from) && from.Bare == room;

    public void Add(Stanza stanza)
    {
        switch (stanza)
        {
            case Presence { Type: PresenceType.Error } refusal when refusal.Id == id:
                Refusal = refusal.Error ?? new StanzaError(StanzaErrorType.Cancel, StanzaErrorCondition.UndefinedCondition);
                break;
            case Presence { Type: PresenceType.Available } presence when IsSelf(presence):
                _self = presence;
                break;
            case Presence { Type: PresenceType.Available } presence when _self is null:
                _others.Add(presence);
                break;
            case Message { Body: not null } message when _self is not null:
                _history.Add(message);
                break;
            case Message { Subject: { } subject } when _self is not null:
                _subject = subject;
                break;
        }
    }

    private static bool IsSelf(Presence presence) =>
        presence.Payloads.OfType<XmppElement>().FirstOrDefault(p => p.Name == RoomNames.UserX) is { } x
        && Array.Exists(x.Elements.ToArray(), e => e.Attribute("code") == "110");
}
