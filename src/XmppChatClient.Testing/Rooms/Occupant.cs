using XmppChatClient.Testing.Routing;

namespace XmppChatClient.Testing.Rooms;

/// <summary>A nickname in a room. Several sessions of one account may share it, as Prosody and ejabberd both allow. Under the
/// gate.</summary>
internal sealed class Occupant(Jid jid, Jid account, Role role)
{
    /// <summary>The room's address with the nickname.</summary>
    public Jid Jid => jid;

    public string Nick { get; } = jid.Resource!;

    /// <summary>The bare address of who it is.</summary>
    public Jid Account => account;

    public Role Role { get; set; } = role;

    /// <summary>The first is the one that others see the presence of, and that gets requests. Never
    /// empty, but while it is made.</summary>
    public List<OccupantSession> Sessions { get; } = [];

    public RoutedStanza Presence => Sessions[0].Presence;

    public int IndexOf(Jid session) => Sessions.FindIndex(s => s.Jid == session);
}
