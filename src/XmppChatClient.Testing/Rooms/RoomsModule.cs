using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Discovery;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Routing;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Rooms to chat in (XEP-0045 v1.35.1), at a domain of their own. Where Prosody and ejabberd differ, they do what
/// Prosody does as it is installed, but for what ejabberd has closer to the XEP: rooms are listed and so are their occupants, entering
/// needs a nickname, a subject keeps its id, the number of occupants can be limited, values that a form does not allow are
/// refused, all see who has to go when a room becomes one for members, and a room that was destroyed can be made
/// again.</summary>
internal sealed class RoomsModule : ServerModule
{
    private readonly Dictionary<Jid, Room> _rooms = [];

    public Jid Domain { get; private set; } = null!;

    /// <returns>The room, or null when there is one of that address already.</returns>
    public Room? Add(Jid jid, TestRoomOptions options)
    {
        var room = new Room(Server, jid, options, Forget);
        return _rooms.TryAdd(jid, room) ? room : null;
    }

    protected override void SetUp(ModuleSetup setup) => Domain = setup.Host("conference", "Rooms", Take);

    private void Take(RoutedStanza stanza)
    {
        if (stanza.To.Local is null)
        {
            ToService(stanza);
        }
        else if (_rooms.TryGetValue(stanza.To.Bare, out var room))
        {
            room.Take(stanza);
        }
        else if (stanza is { Kind: StanzaKind.Presence, Type: null } && stanza.Has(RoomNames.Muc, "x"))
        {
            Create(stanza);
        }
        else if (stanza is { Kind: StanzaKind.Presence, Type: "unavailable" })
        {
            // Not by way of Refuse, which answers nobody who leaves: this is how a client learns that the room is gone.
            Server.Router.Route(stanza.Error(RoomErrors.NoSuchRoom));
        }
        else
        {
            Server.Router.Refuse(stanza, RoomErrors.NoSuchRoom);
        }
    }

    private void Create(RoutedStanza presence)
    {
        if (RoomEntry.NickProblem(presence.To.Resource) is { } problem)
        {
            Server.Router.Refuse(presence, problem);
            return;
        }

        var room = Add(presence.To.Bare, new TestRoomOptions { IsPersistent = false })!;
        room.IsLocked = Server.Options.LockNewRooms;
        room.Create(presence);
    }

    private void ToService(RoutedStanza stanza)
    {
        switch (stanza.Kind)
        {
            case StanzaKind.Iq when stanza is { Type: "get", To.IsBare: true }:
                Answer(new IqRequest(Server, stanza, stanza.Element.FirstChild()!, account: null));
                break;
            default:
                Server.Router.Refuse(stanza, StanzaErrors.ServiceUnavailable);
                break;
        }
    }

    private void Answer(IqRequest request)
    {
        switch (request.Payload.Name.Namespace)
        {
            case DiscoveryInfo.InfoNamespace or DiscoveryInfo.ItemsNamespace
                when request.Payload.Attribute("node") is { Length: > 0 }:
                request.Refuse(StanzaErrors.ItemNotFound);
                break;
            case DiscoveryInfo.InfoNamespace:
                request.Reply(DiscoveryInfo.Info(
                    DiscoveryInfo.Identity("conference", "text", "Rooms"),
                    [DiscoveryInfo.InfoNamespace, DiscoveryInfo.ItemsNamespace, RoomNames.Muc]));
                break;
            case DiscoveryInfo.ItemsNamespace:
                request.Reply(DiscoveryInfo.Items(
                    _rooms.Values.Where(r => r.Options.IsPublic).Select(r => (r.Jid, r.Options.Title))));
                break;
            default:
                request.Refuse(StanzaErrors.ServiceUnavailable);
                break;
        }
    }

    private void Forget(Room room)
    {
        _rooms.Remove(room.Jid);
        foreach (var module in Server.Modules.All)
        {
            module.RoomEnded(room);
        }
    }
}
