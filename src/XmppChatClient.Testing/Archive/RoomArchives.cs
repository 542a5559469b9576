using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Rooms;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Archive;

/// <summary>Archives of rooms (XEP-0313 §6.1.2), for whoever may enter them.</summary>
internal sealed class RoomArchives : ServerModule
{
    private const string Hints = "urn:xmpp:hints";

    private ArchiveModule _archives = null!;

    public override RoutedStanza RoomMessageAccepted(Room room, RoutedStanza message)
    {
        if (_archives.Store is null || !IsWorthKeeping(message))
        {
            return message;
        }

        // By the occupant's address, which is no secret.
        var id = _archives.Store.Of(room.Jid).Add(Server.Clock.GetUtcNow(), message.From, Archived(room, message));
        return message.WithStanzaId(room.Jid, id);
    }

    public override void RoomEnded(Room room) => _archives.Store?.Remove(room.Jid);

    protected override void SetUp(ModuleSetup setup)
    {
        _archives = Server.Modules.Get<ArchiveModule>();
        if (_archives.Store is not { } store)
        {
            return;
        }

        foreach (var feature in ArchiveAnswers.Features)
        {
            setup.RoomFeature(feature);
        }

        setup.OnRoomIq(ArchiveAnswers.Query, ForReaders((room, request) => _archives.Answers.AnswerQuery(
            request.Stanza, request.Payload, store.Of(room.Jid), request.Session!,
            room.Options.ShowsAddresses ? null : WithoutAddress)));
        setup.OnRoomIq(ArchiveAnswers.Metadata, ForReaders(
            (room, request) => _archives.Answers.AnswerMetadata(request.Stanza, store.Of(room.Jid))));
    }

    private static Action<Room, IqRequest> ForReaders(Action<Room, IqRequest> handler) => (room, request) =>
    {
        if (request.Session is null || !room.IsOpenTo(request.From))
        {
            request.Refuse(StanzaErrors.Forbidden);
        }
        else
        {
            handler(room, request);
        }
    };

    // As ejabberd, and the XEP with subjects; Prosody leaves those out.
    private static bool IsWorthKeeping(RoutedStanza message) =>
        !message.Has(Hints, "no-store") && !message.Has(Hints, "no-permanent-store")
        && (message.Has(XmppNamespaces.Client, "body") || message.Has(XmppNamespaces.Client, "subject")
            || message.Has(Hints, "store"));

    /// <summary>Without the receiver, who is everybody, and with the sender's own address, which not every room shows.</summary>
    private static XmppElement Archived(Room room, RoutedStanza message)
    {
        var element = WithoutAddress(message.Element);
        var content = new List<XmlNode>(element.Content.ToArray());
        if (room.WithNick(message.From.Resource) is { } sender)
        {
            content.Add(new XmppElement(RoomNames.UserX, RoomItem.Create(
                RoomNames.User, room.Affiliations.Of(sender.Account), sender.Role, sender.Sessions[0].Jid, nick: null)));
        }

        var attributes = element.Attributes.ToArray().Where(a => a.Name != StanzaNames.To);
        return new XmppElement(element.Name, [.. attributes], [.. content]);
    }

    private static XmppElement WithoutAddress(XmppElement message) => new(
        message.Name, message.Attributes,
        [.. message.Content.ToArray().Where(n => n.Element?.Name != RoomNames.UserX)]);
}
