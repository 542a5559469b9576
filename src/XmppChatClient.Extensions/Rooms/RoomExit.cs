using XmppChatClient.Xml;

namespace XmppChatClient.Rooms;

/// <summary>XEP-0045 v1.35.1 §7.14, §8.2, §9.1, §10.9: how somebody came to be out of a room.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Text">What was given as the reason, by whoever threw him out or destroyed the room: text of a stranger.</param>
/// <param name="Alternate">Where to go instead of a room that was destroyed; nobody has checked it.</param>
public sealed record RoomExit(RoomExitReason Reason, string? Text = null, Jid? Alternate = null)
{
    private const string User = RoomEntry.Namespace + "#user";

    private static readonly XmlName Destroy = new(User, "destroy");
    private static readonly XmlName Item = new(User, "item");
    private static readonly XmlName ReasonName = new(User, "reason");

    // What a room failed at looks like a kick, too.
    private static readonly (string Status, RoomExitReason Reason)[] Statuses =
    [
        ("333", RoomExitReason.Failed),
        ("332", RoomExitReason.Shutdown),
        ("301", RoomExitReason.Banned),
        ("307", RoomExitReason.Kicked),
        ("321", RoomExitReason.NotMember),
        ("322", RoomExitReason.NotMember),
    ];

    // Somebody meant it, and has not asked for us to come back.
    internal bool IsForGood => Reason is not (RoomExitReason.Shutdown or RoomExitReason.Failed);

    /// <summary>Reads a room's presence of somebody who is gone.</summary>
    /// <param name="presence">As it was received.</param>
    /// <returns><see langword="null"/> where it says nothing of the kind: it is not unavailable, or a change of name.</returns>
    public static RoomExit? Read(Presence presence)
    {
        ArgumentNullException.ThrowIfNull(presence);
        if (presence.Type != PresenceType.Unavailable || RoomPresence.IsRename(presence))
        {
            return null;
        }

        if (RoomPresence.Child(presence, Destroy) is { } destroy)
        {
            return new RoomExit(
                RoomExitReason.Destroyed, destroy.Element(ReasonName)?.Text, Jid.TryParse(destroy.Attribute("jid"), out var other) ? other : null);
        }

        var reason = Array.Find(Statuses, s => RoomPresence.HasStatus(presence, s.Status)).Reason;
        return new RoomExit(reason, RoomPresence.Child(presence, Item)?.Element(ReasonName)?.Text);
    }

    public override string ToString() => Reason + (Text is null ? "" : $" ({Text})");
}
