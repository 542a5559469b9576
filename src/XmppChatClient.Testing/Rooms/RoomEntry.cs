using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Routing;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Entering a room, what one shows there, another nickname, and leaving (XEP-0045 §7.2, §7.6, §7.7 and §7.14). Under
/// the gate.</summary>
internal sealed class RoomEntry(Room room, RoomMessages messages)
{
    /// <summary>Why nobody may have that nickname, or null.</summary>
    public static StanzaError? NickProblem(string? nick) =>
        nick is null ? RoomErrors.NickRequired : string.IsNullOrWhiteSpace(nick) ? RoomErrors.InvisibleNick : null;

    /// <summary>Presence to the room or to a nickname in it.</summary>
    public void Take(RoutedStanza presence)
    {
        var occupant = room.WithSession(presence.From);
        switch (presence.Type)
        {
            case null when occupant is not null:
                Update(occupant, presence);
                break;
            case null when presence.Has(RoomNames.Muc, "x"):
                Join(presence, isNew: false);
                break;
            case null:
                room.Refuse(presence, RoomErrors.NotEntered);
                break;
            case "unavailable" when occupant is not null:
                Leave(occupant, presence.From, RoomNotice.Nothing, Shown(presence));
                break;
            case "error" when occupant is not null:
                Drop(occupant, presence.From);
                break;
            case "probe":
                Probe(occupant, presence);
                break;
            case "subscribe":
                room.Refuse(presence, StanzaErrors.ServiceUnavailable);
                break;
        }
    }

    /// <summary>Lets a session in, or tells it why not.</summary>
    /// <param name="isNew">Whether the room is made by this.</param>
    public void Join(RoutedStanza presence, bool isNew)
    {
        if ((NickProblem(presence.To.Resource) ?? EntryProblem(presence, isNew)) is { } problem)
        {
            room.Refuse(presence, problem);
            return;
        }

        var account = presence.From.Bare;
        var occupant = room.WithNick(presence.To.Resource);
        if (occupant is null)
        {
            occupant = new Occupant(presence.To, account, room.DefaultRole(room.Affiliations.Of(account)));
            room.Occupants.Add(occupant);
        }

        occupant.Sessions.Add(new OccupantSession(presence.From, Shown(presence)));
        room.Presences.ShowOthers(occupant, presence.From);
        room.Presences.Show(occupant, new RoomNotice
        {
            OwnCodes = [.. room.Options.ShowsAddresses ? [100] : Array.Empty<int>(), .. isNew ? [201] : Array.Empty<int>()],
        });
        messages.SendPast(presence);
    }

    /// <summary>A session that cannot be reached any more goes, as if it had left.</summary>
    public void Drop(Occupant occupant, Jid session) => Leave(
        occupant, session, new RoomNotice { Codes = [333] }, room.Presences.Unavailable("Left after an error"));

    // What is for the room and not for those in it.
    private static RoutedStanza Shown(RoutedStanza presence) =>
        presence.Without(c => c.Name.Namespace is RoomNames.Muc or RoomNames.User);

    private StanzaError? EntryProblem(RoutedStanza presence, bool isNew)
    {
        var affiliation = room.Affiliations.Of(presence.From);
        var password = presence.Child(RoomNames.Muc, "x")?.Child(RoomNames.Muc, "password")?.Text;
        return affiliation switch
        {
            Affiliation.Outcast => RoomErrors.Banned,
            Affiliation.None when room.Options.IsMembersOnly => RoomErrors.MembersOnly,
            _ when room.Options.Password is { } expected && password != expected => RoomErrors.WrongPassword,
            _ when room.IsLocked && !isNew => RoomErrors.Locked,
            _ when IsTaken(presence) => RoomErrors.NickTaken,

            // XEP-0045 §7.2.9: owners and admins always find room.
            < Affiliation.Admin when room.Occupants.Count >= room.Options.MaxOccupants
                && room.WithNick(presence.To.Resource) is null => RoomErrors.Full,
            _ => null,
        };
    }

    private bool IsTaken(RoutedStanza presence) =>
        room.WithNick(presence.To.Resource) is { } other && other.Account != presence.From.Bare;

    private void Update(Occupant occupant, RoutedStanza presence)
    {
        // Clients send changes to the bare room too, which both servers take for the nickname they have.
        var nick = presence.To.Resource ?? occupant.Nick;
        if (nick != occupant.Nick)
        {
            ChangeNick(occupant, presence);
            return;
        }

        occupant.Sessions[occupant.IndexOf(presence.From)] = new OccupantSession(presence.From, Shown(presence));

        // Entering where one is already: a client that lost track of the room gets it all again.
        var again = presence.Has(RoomNames.Muc, "x");
        if (again)
        {
            room.Presences.ShowOthers(occupant, presence.From);
        }

        room.Presences.Show(occupant, RoomNotice.Nothing);
        if (again)
        {
            messages.SendPast(presence);
        }
    }

    private void ChangeNick(Occupant occupant, RoutedStanza presence)
    {
        if ((NickProblem(presence.To.Resource) ?? (IsTaken(presence) ? RoomErrors.NickTaken : null)) is { } problem)
        {
            room.Refuse(presence, problem);
            return;
        }

        var session = occupant.Sessions[occupant.IndexOf(presence.From)];
        var notice = new RoomNotice { Codes = [303], NewNick = presence.To.Resource };
        if (occupant.Sessions.Count == 1)
        {
            room.Occupants.Remove(occupant);
            room.Presences.ShowGone(occupant, notice);
        }
        else
        {
            // Its other sessions go on with the old nickname, so nobody else sees that go.
            occupant.Sessions.Remove(session);
            room.Presences.ShowGone(occupant, session, notice);
        }

        var renamed = room.WithNick(presence.To.Resource);
        if (renamed is null)
        {
            renamed = new Occupant(presence.To, occupant.Account, occupant.Role);
            room.Occupants.Add(renamed);
        }

        renamed.Sessions.Add(new OccupantSession(presence.From, Shown(presence)));
        room.Presences.Show(renamed, RoomNotice.Nothing);
    }

    private void Leave(Occupant occupant, Jid session, RoomNotice notice, RoutedStanza last)
    {
        if (occupant.Sessions.Count == 1)
        {
            room.Remove(occupant, notice, last);
            return;
        }

        var left = occupant.Sessions[occupant.IndexOf(session)];
        occupant.Sessions.Remove(left);
        room.Presences.ShowGone(occupant, left, notice, last);
    }

    private void Probe(Occupant? asker, RoutedStanza probe)
    {
        if (asker is null)
        {
            // Not by way of Refuse, which answers no probes: here the answer is how a client learns that it is out.
            room.Server.Router.Route(probe.Error(RoomErrors.NotAnOccupant));
        }
        else if (room.WithNick(probe.To.Resource) is { } probed)
        {
            room.Presences.ShowOne(probed, asker, probe.From);
        }
    }
}
