using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Requests of moderators and administrators (XEP-0045 §8 and §9). Who may do what is as in Prosody. Under the
/// gate.</summary>
internal sealed class RoomAdministration(Room room)
{
    public void Take(IqRequest request)
    {
        var items = Array.FindAll(
            request.Payload.Elements.ToArray(), e => e.Name.LocalName == "item" && e.Name.Namespace == RoomNames.Admin);
        if (items.Length == 0)
        {
            request.Refuse(StanzaErrors.BadRequest);
        }
        else if (request.IsSet)
        {
            Set(request, items);
        }
        else
        {
            Get(request, items[0]);
        }
    }

    private void Get(IqRequest request, XmppElement item)
    {
        var affiliation = RoomNames.ReadAffiliation(item.Attribute("affiliation"));
        var role = RoomNames.ReadRole(item.Attribute("role"));
        var own = room.Affiliations.Of(request.From);
        switch (affiliation, role)
        {
            case ({ } asked, null):
                // XEP-0045 §9.5: who are members of a room for members that hides nobody, members may know.
                if ((own >= Affiliation.Admin && own >= asked)
                    || (own >= Affiliation.Member && room.Options is { IsMembersOnly: true, ShowsAddresses: true }))
                {
                    request.Reply(Query(room.Affiliations.With(asked)
                        .Select(jid => RoomItem.Create(RoomNames.Admin, asked, role: null, jid, nick: null))));
                    return;
                }

                request.Refuse(StanzaErrors.Forbidden);
                break;
            case (null, { } asked):
                if ((room.WithSession(request.From)?.Role ?? room.DefaultRole(own)) < Role.Moderator)
                {
                    request.Refuse(StanzaErrors.Forbidden);
                    return;
                }

                request.Reply(Query(room.Occupants.FindAll(o => o.Role == asked).SelectMany(o => o.Sessions.Select(
                    s => RoomItem.Create(RoomNames.Admin, room.Affiliations.Of(o.Account), o.Role, s.Jid, o.Nick)))));
                break;
            default:
                request.Refuse(StanzaErrors.BadRequest);
                break;
        }
    }

    private static XmppElement Query(IEnumerable<XmppElement> items) =>
        new(RoomNames.AdminQuery, [.. items.Select(XmlNode.FromElement)]);

    // All or nothing.
    private void Set(IqRequest request, XmppElement[] items)
    {
        var changes = new List<RightsChange>(items.Length);
        foreach (var item in items)
        {
            var problem = Read(item, out var change) ?? Problem(request.From, change!);
            if (problem is not null)
            {
                request.Refuse(problem);
                return;
            }

            changes.Add(change!);
        }

        if (LeavesNoOwner(changes))
        {
            request.Refuse(RoomErrors.NoOwnerLeft);
            return;
        }

        var actor = room.WithSession(request.From)?.Nick;
        foreach (var change in changes)
        {
            if (change.Occupant is not { } occupant)
            {
                room.Rights.SetAffiliation(change.Jid!, change.Affiliation, actor, change.Reason);
            }
            else if (room.Occupants.Contains(occupant))
            {
                room.Rights.SetRole(occupant, change.Role, actor, change.Reason);
            }
        }

        request.Reply();
    }

    private StanzaError? Read(XmppElement item, out RightsChange? change)
    {
        change = null;
        Jid? jid = null;
        if (item.Attribute("jid") is { } address && (!Jid.TryParse(address, out jid) || !jid.IsBare))
        {
            return RoomErrors.JidMalformed;
        }

        var reason = item.Child(RoomNames.Admin, "reason")?.Text;
        var occupant = item.Attribute("nick") is { } nick ? room.WithNick(nick) : null;
        switch (item.Attribute("affiliation"), item.Attribute("role"))
        {
            case ({ } word, null):
                if ((jid ?? occupant?.Account) is not { } whose)
                {
                    return StanzaErrors.BadRequest;
                }

                if (RoomNames.ReadAffiliation(word) is not { } affiliation)
                {
                    return RoomErrors.NotAcceptable;
                }

                change = new RightsChange(null, Role.None, whose, affiliation, reason);
                return null;
            case (null, { } word):
                if (item.Attribute("nick") is null)
                {
                    return StanzaErrors.BadRequest;
                }

                if (occupant is null)
                {
                    return RoomErrors.NoSuchOccupant with { Type = StanzaErrorType.Modify };
                }

                if (RoomNames.ReadRole(word) is not { } role)
                {
                    return RoomErrors.NotAcceptable;
                }

                change = new RightsChange(occupant, role, null, Affiliation.None, reason);
                return null;
            default:
                return StanzaErrors.BadRequest;
        }
    }

    private StanzaError? Problem(Jid actor, RightsChange change)
    {
        var own = room.Affiliations.Of(actor);
        var allowed = change.Occupant is { } occupant
            ? room.WithSession(actor) is { Role: Role.Moderator }
                && own >= room.Affiliations.Of(occupant.Account)
                && (own >= Affiliation.Admin || (occupant.Role != Role.Moderator && change.Role != Role.Moderator))
            : own == Affiliation.Owner
                || (own == Affiliation.Admin && change.Affiliation < Affiliation.Admin
                    && room.Affiliations.OfExactly(change.Jid!) < Affiliation.Admin);
        return allowed ? null : RoomErrors.NotAllowed;
    }

    private bool LeavesNoOwner(List<RightsChange> changes)
    {
        var owners = room.Affiliations.With(Affiliation.Owner).ToHashSet();
        var had = owners.Count;
        foreach (var change in changes)
        {
            if (change.Jid is { } jid)
            {
                _ = change.Affiliation == Affiliation.Owner ? owners.Add(jid) : owners.Remove(jid);
            }
        }

        return had > 0 && owners.Count == 0;
    }
}
