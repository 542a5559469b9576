using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Discovery;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Requests to a room and, by way of it, from occupant to occupant (XEP-0045 §17.2, XEP-0410). Under the gate.
/// </summary>
internal sealed class RoomRequests(Room room)
{
    private readonly RelayedRequests _relayed = new();
    private readonly RoomDiscovery _discovery = new(room);
    private readonly RoomAdministration _administration = new(room);
    private readonly RoomOwnership _ownership = new(room);

    public void Take(RoutedStanza stanza)
    {
        if (!stanza.IsRequest)
        {
            Return(stanza);
        }
        else if (stanza.To.IsBare)
        {
            ToRoom(stanza);
        }
        else
        {
            ToOccupant(stanza);
        }
    }

    private void ToRoom(RoutedStanza stanza)
    {
        // The intake let only requests with one child pass.
        var request = new IqRequest(room.Server, stanza, stanza.Element.FirstChild()!, account: null);
        switch (request.Payload.Name.Namespace)
        {
            case DiscoveryInfo.InfoNamespace when !request.IsSet:
                _discovery.Info(request);
                break;
            case DiscoveryInfo.ItemsNamespace when !request.IsSet:
                _discovery.Items(request);
                break;
            case RoomNames.Admin:
                _administration.Take(request);
                break;
            case RoomNames.Owner:
                _ownership.Take(request);
                break;
            default:
                if (room.Server.Modules.RoomIqs.TryGetValue(request.Payload.Name, out var handler))
                {
                    handler(room, request);
                }
                else
                {
                    request.Refuse(StanzaErrors.ServiceUnavailable);
                }

                break;
        }
    }

    private void ToOccupant(RoutedStanza request)
    {
        if (room.WithSession(request.From) is not { } asker)
        {
            room.Refuse(request, RoomErrors.NotAnOccupant);
        }
        else if (room.WithNick(request.To.Resource) is not { } asked)
        {
            room.Refuse(request, RoomErrors.NoSuchOccupant);
        }
        else if (asked == asker && request.Has(RoomNames.Ping, "ping"))
        {
            // XEP-0410 §3.3: the room knows best whether somebody is in it.
            room.Server.Router.Route(request.Result());
        }
        else
        {
            var session = asked.Sessions[0].Jid;
            var id = _relayed.Add(request.From, session, request.Id!);
            room.Server.Router.Route(WithId(request, id).Between(asker.Jid, session));
        }
    }

    private void Return(RoutedStanza answer)
    {
        if (_relayed.TryTake(answer.Id, answer.From, out var asker, out var id)
            && room.WithSession(answer.From) is { } answerer && room.WithSession(asker) is not null)
        {
            room.Server.Router.Route(WithId(answer, id).Between(answerer.Jid, asker));
        }
    }

    private static RoutedStanza WithId(RoutedStanza stanza, string id) => RoutedStanza.Of(
        new XmppElement(
            stanza.Element.Name,
            [.. stanza.Element.Attributes.ToArray().Where(a => a.Name != StanzaNames.Id), new XmlAttribute(StanzaNames.Id, id)],
            stanza.Element.Content),
        stanza.From, stanza.To);
}
