using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>One room: who is in it, who may do what, and how it is set up. Its parts do the talking. Under the gate.</summary>
internal sealed class Room
{
    private readonly Action<Room> _ended;
    private readonly RoomEntry _entry;
    private readonly RoomMessages _messages;
    private readonly RoomRequests _requests;

    public Room(ServerEngine server, Jid jid, TestRoomOptions options, Action<Room> ended)
    {
        (Server, Jid, Options, _ended) = (server, jid, options, ended);
        foreach (var owner in options.Owners)
        {
            Affiliations.Set(owner.Bare, Affiliation.Owner);
        }

        Presences = new RoomPresences(this);
        History = new RoomHistory(this);
        Rights = new RoomRights(this);
        _messages = new RoomMessages(this);
        _entry = new RoomEntry(this, _messages);
        _requests = new RoomRequests(this);
    }

    public ServerEngine Server { get; }

    public Jid Jid { get; }

    public TestRoomOptions Options { get; set; }

    /// <summary>Whether nobody may enter before an owner has configured it (XEP-0045 §10.1).</summary>
    public bool IsLocked { get; set; }

    public RoomAffiliations Affiliations { get; } = new();

    /// <summary>In the order they came.</summary>
    public List<Occupant> Occupants { get; } = [];

    public RoomPresences Presences { get; }

    public RoomHistory History { get; }

    public RoomRights Rights { get; }

    /// <summary>Whether the room is no more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Somebody makes the room by entering it.</summary>
    public void Create(RoutedStanza presence)
    {
        Affiliations.Set(presence.From.Bare, Affiliation.Owner);
        _entry.Join(presence, isNew: true);
    }

    public void Take(RoutedStanza stanza)
    {
        switch (stanza.Kind)
        {
            case StanzaKind.Presence:
                _entry.Take(stanza);
                break;
            case StanzaKind.Message:
                _messages.Take(stanza);
                break;
            default:
                _requests.Take(stanza);
                break;
        }
    }

    public Occupant? WithNick(string? nick) => Occupants.Find(o => o.Nick == nick);

    /// <summary>Whose session that is, or null.</summary>
    public Occupant? WithSession(Jid session) => Occupants.Find(o => o.IndexOf(session) >= 0);

    /// <summary>The role that comes with an affiliation (XEP-0045 §5.1.2); none for who may not be there.</summary>
    public Role DefaultRole(Affiliation affiliation) => affiliation switch
    {
        Affiliation.Outcast => Role.None,
        Affiliation.None when Options.IsMembersOnly => Role.None,
        Affiliation.None => Options.IsModerated ? Role.Visitor : Role.Participant,
        Affiliation.Member => Role.Participant,
        _ => Role.Moderator,
    };

    /// <summary>Whether somebody may read what is said here, whether in the room or not.</summary>
    public bool IsOpenTo(Jid jid) => DefaultRole(Affiliations.Of(jid)) != Role.None;

    /// <summary>Sends something to all sessions in the room.</summary>
    /// <param name="to">To whom only; null for all.</param>
    public void Broadcast(RoutedStanza stanza, Predicate<Occupant>? to = null)
    {
        foreach (var occupant in Occupants.ToArray())
        {
            if (to is null || to(occupant))
            {
                SendTo(occupant, stanza);
            }
        }
    }

    /// <summary>Sends something to all sessions of an occupant.</summary>
    public void SendTo(Occupant occupant, RoutedStanza stanza)
    {
        foreach (var session in occupant.Sessions.ToArray())
        {
            Server.Router.Route(stanza.Between(stanza.From, session.Jid));
        }
    }

    public void Refuse(RoutedStanza stanza, StanzaError error) => Server.Router.Refuse(stanza, error);

    /// <summary>Puts an occupant out, and ends the room if it was the last one and the room is not kept.</summary>
    /// <param name="last">The presence it left with; null when it did not leave by itself.</param>
    public void Remove(Occupant occupant, RoomNotice notice, RoutedStanza? last = null)
    {
        // What is sent may end sessions, and so remove somebody while that is under way.
        if (!Occupants.Remove(occupant))
        {
            return;
        }

        occupant.Role = Role.None;
        Presences.ShowGone(occupant, notice, last);
        if (Occupants.Count == 0 && !Options.IsPersistent)
        {
            End();
        }
    }

    /// <summary>Puts a session out that cannot be reached any more.</summary>
    public void Drop(Occupant occupant, Jid session) => _entry.Drop(occupant, session);

    /// <summary>Puts everybody out and ends the room.</summary>
    /// <param name="destroy">What each is told, in the user's namespace.</param>
    public void Destroy(XmppElement destroy)
    {
        // Nobody is shown the others go: each is told of the room's end, once.
        var occupants = Occupants.ToArray();
        Occupants.Clear();
        foreach (var occupant in occupants)
        {
            occupant.Role = Role.None;
            Presences.ShowGone(occupant, new RoomNotice { Destroy = destroy });
        }

        End();
    }

    /// <summary>The room is no more. Whoever was in it has been told.</summary>
    public void End()
    {
        if (!HasEnded)
        {
            HasEnded = true;
            _ended(this);
        }
    }
}
