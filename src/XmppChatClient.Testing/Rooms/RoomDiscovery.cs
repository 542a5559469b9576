using System.Globalization;
using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Discovery;
using XmppChatClient.Testing.Routing;

namespace XmppChatClient.Testing.Rooms;

/// <summary>What a room is, and who is in it (XEP-0045 §6.4 and §6.5). Under the gate.</summary>
internal sealed class RoomDiscovery(Room room)
{
    public void Info(IqRequest request)
    {
        if (request.Payload.Attribute("node") is { Length: > 0 })
        {
            request.Refuse(StanzaErrors.ItemNotFound);
            return;
        }

        var options = room.Options;
        string[] features =
        [
            DiscoveryInfo.InfoNamespace, DiscoveryInfo.ItemsNamespace, RoomNames.Muc, RoomNames.Request, RoomNames.SelfPing,

            // XEP-0045 §4: a message comes back with the id that it was sent with.
            $"{RoomNames.Muc}#stable_id",
            options.IsPersistent ? "muc_persistent" : "muc_temporary",
            options.IsPublic ? "muc_public" : "muc_hidden",
            options.IsMembersOnly ? "muc_membersonly" : "muc_open",
            options.IsModerated ? "muc_moderated" : "muc_unmoderated",
            options.ShowsAddresses ? "muc_nonanonymous" : "muc_semianonymous",
            options.Password is null ? "muc_unsecured" : "muc_passwordprotected",
            .. room.Server.Modules.RoomFeatures,
        ];
        request.Reply(DiscoveryInfo.Info(
            DiscoveryInfo.Identity("conference", "text", options.Title),
            features,
            DataForm.Create(
                "result", RoomNames.RoomInfo,
                DataForm.Field("muc#roominfo_description", "text-single", options.Description ?? ""),
                DataForm.Field("muc#roominfo_changesubject", "boolean", options.AllowSubjectChange ? "1" : "0"),
                DataForm.Field(
                    "muc#roominfo_occupants", "text-single", room.Occupants.Count.ToString(CultureInfo.InvariantCulture)))));
    }

    // As ejabberd; Prosody tells nobody.
    public void Items(IqRequest request) =>
        request.Reply(DiscoveryInfo.Items(room.Occupants.Select(o => (o.Jid, (string?)o.Nick))));
}
