using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>Names of XEP-0045 v1.35.1, and of what goes with it.</summary>
internal static class RoomNames
{
    public const string Muc = "http://jabber.org/protocol/muc";
    public const string User = "http://jabber.org/protocol/muc#user";
    public const string Admin = "http://jabber.org/protocol/muc#admin";
    public const string Owner = "http://jabber.org/protocol/muc#owner";
    public const string Request = "http://jabber.org/protocol/muc#request";
    public const string Config = "http://jabber.org/protocol/muc#roomconfig";
    public const string RoomInfo = "http://jabber.org/protocol/muc#roominfo";
    public const string DirectInvitation = "jabber:x:conference";
    public const string SelfPing = "http://jabber.org/protocol/muc#self-ping-optimization";
    public const string Ping = "urn:xmpp:ping";
    public const string Delay = "urn:xmpp:delay";
    public const string OldDelay = "jabber:x:delay";
    public const string StanzaIds = "urn:xmpp:sid:0";

    public static XmlName AdminQuery { get; } = new(Admin, "query");

    public static XmlName OwnerQuery { get; } = new(Owner, "query");

    public static XmlName UserX { get; } = new(User, "x");

    public static string ToWire(Affiliation affiliation) => affiliation switch
    {
        Affiliation.Outcast => "outcast",
        Affiliation.Member => "member",
        Affiliation.Admin => "admin",
        Affiliation.Owner => "owner",
        _ => "none",
    };

    public static string ToWire(Role role) => role switch
    {
        Role.Visitor => "visitor",
        Role.Participant => "participant",
        Role.Moderator => "moderator",
        _ => "none",
    };

    public static Affiliation? ReadAffiliation(string? word) => word switch
    {
        "outcast" => Affiliation.Outcast,
        "none" => Affiliation.None,
        "member" => Affiliation.Member,
        "admin" => Affiliation.Admin,
        "owner" => Affiliation.Owner,
        _ => null,
    };

    public static Role? ReadRole(string? word) => word switch
    {
        "none" => Role.None,
        "visitor" => Role.Visitor,
        "participant" => Role.Participant,
        "moderator" => Role.Moderator,
        _ => null,
    };
}
