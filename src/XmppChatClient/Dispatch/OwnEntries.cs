using XmppChatClient.Modules;
using XmppChatClient.Rooms;

namespace XmppChatClient.Dispatch;

/// <summary>Which rooms were asked to let us in and have not done so: nobody else's claim that somebody is us is believed. A room that
/// refused may have been asked again before we hear of that, and stays. Any thread.</summary>
internal sealed class OwnEntries : IXmppModule
{
    private const int MostRooms = 10_000;

    private readonly Lock _gate = new();

    // By room and, with a component, by which of its addresses asked.
    private readonly HashSet<(Jid Room, Jid? Self)> _asked = [];
    private XmppClient? _client;

    public void Register(ModuleBuilder module)
    {
        _client = module.Client;
        module.OnPresenceSending(Note).OnSessionEnd(Clear);
    }

    /// <summary>The room is to say who we are.</summary>
    public void Add(Jid room, Jid? self)
    {
        lock (_gate)
        {
            if (_asked.Count < MostRooms)
            {
                _asked.Add((room, self));
            }
        }
    }

    /// <summary>The room lets us in.</summary>
    /// <returns>Whether it was asked.</returns>
    public bool TryTake(Jid room, Jid? self)
    {
        lock (_gate)
        {
            return _asked.Remove((room, self));
        }
    }

    private Presence Note(Presence presence)
    {
        if (RoomPresence.IsEntry(presence))
        {
            Add(presence.To!.Bare, _client!.IsComponent ? presence.From ?? _client.Jid : null);
        }

        return presence;
    }

    private void Clear()
    {
        lock (_gate)
        {
            _asked.Clear();
        }
    }
}
