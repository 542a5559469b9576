using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Changes roles and affiliations, with all that follows from it (XEP-0045 §8, §9 and §10). Whether somebody may is
/// decided before. Under the gate.</summary>
internal sealed class RoomRights(Room room)
{
    /// <param name="actor">The nickname of who does it, or null.</param>
    public void SetRole(Occupant occupant, Role role, string? actor, string? reason)
    {
        var notice = new RoomNotice { Actor = actor, Reason = reason };
        if (role == Role.None)
        {
            room.Remove(occupant, notice with { Codes = [307] });
            return;
        }

        // Both servers leave it to who becomes a moderator for this stay to ask for the addresses.
        occupant.Role = role;
        room.Presences.Show(occupant, notice);
    }

    /// <param name="jid">A bare address, or a domain.</param>
    /// <param name="actor">The nickname of who does it, or null.</param>
    public void SetAffiliation(Jid jid, Affiliation affiliation, string? actor, string? reason)
    {
        var before = room.Affiliations.OfExactly(jid);
        room.Affiliations.Set(jid, affiliation);
        var concerned = room.Occupants.FindAll(o => o.Account == jid
            || (jid.Local is null && affiliation == Affiliation.Outcast && o.Account.Domain == jid.Domain));
        foreach (var occupant in concerned)
        {
            Follow(occupant, affiliation, isLess: affiliation < before, new RoomNotice { Actor = actor, Reason = reason });
        }

        if (concerned.Count == 0)
        {
            Announce(jid, affiliation, reason);
        }
    }

    /// <summary>The room has become one for members only: others have to go (XEP-0045 §10.2.1).</summary>
    public void RemoveNonMembers()
    {
        foreach (var occupant in room.Occupants.FindAll(o => room.Affiliations.Of(o.Account) <= Affiliation.None))
        {
            room.Remove(occupant, new RoomNotice { Codes = [322] });
        }
    }

    private void Follow(Occupant occupant, Affiliation affiliation, bool isLess, RoomNotice notice)
    {
        if (occupant.Role == Role.None)
        {
            // It went while the others were told.
            return;
        }

        // Who gains an affiliation keeps a role that is higher than what comes with it.
        var role = room.DefaultRole(affiliation);
        if (!isLess && occupant.Role > role)
        {
            role = occupant.Role;
        }

        if (role == Role.None)
        {
            room.Remove(occupant, notice with { Codes = [affiliation == Affiliation.Outcast ? 301 : 321] });
            return;
        }

        var saw = room.Presences.SeesAddresses(occupant);
        occupant.Role = role;
        room.Presences.Show(occupant, notice);
        if (!saw && room.Presences.SeesAddresses(occupant))
        {
            // A new moderator of a semi-anonymous room sees the addresses, as in Prosody.
            foreach (var session in occupant.Sessions.ToArray())
            {
                room.Presences.ShowOthers(occupant, session.Jid);
            }
        }
    }

    // XEP-0045 §9.3 and after: of somebody who is not there, those hear who may see addresses.
    private void Announce(Jid jid, Affiliation affiliation, string? reason)
    {
        var item = RoomItem.Create(
            RoomNames.User, affiliation, Role.None, jid, nick: null,
            reason is { Length: > 0 } ? [new XmppElement(new XmlName(RoomNames.User, "reason"), reason)] : []);
        room.Broadcast(
            RoutedStanza.Of(new XmppElement(StanzaNames.Message, RoomPresences.UserX([item], [])), room.Jid, room.Jid),
            to: room.Presences.SeesAddresses);
    }
}
