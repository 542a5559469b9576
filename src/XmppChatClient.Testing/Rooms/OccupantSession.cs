using XmppChatClient.Testing.Routing;

namespace XmppChatClient.Testing.Rooms;

/// <summary>One address in a room, with the presence it showed last, without what was for the room only.</summary>
internal sealed record OccupantSession(Jid Jid, RoutedStanza Presence);
