using System.Globalization;
using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rooms;

/// <summary>A room's options as the form of its owners (XEP-0045 §10.2).</summary>
internal static class RoomForm
{
    // A room keeps no more of its history than this, whatever a form says.
    private const int LongestHistory = 1_000;

    private const string Title = "muc#roomconfig_roomname";
    private const string Description = "muc#roomconfig_roomdesc";
    private const string Persistent = "muc#roomconfig_persistentroom";
    private const string Public = "muc#roomconfig_publicroom";
    private const string Subject = "muc#roomconfig_changesubject";
    private const string MembersOnly = "muc#roomconfig_membersonly";
    private const string Moderated = "muc#roomconfig_moderatedroom";
    private const string HasPassword = "muc#roomconfig_passwordprotectedroom";
    private const string Password = "muc#roomconfig_roomsecret";
    private const string WhoIs = "muc#roomconfig_whois";
    private const string MaxOccupants = "muc#roomconfig_maxusers";
    private const string History = "muc#roomconfig_historylength";

    public static XmppElement Write(TestRoomOptions options) => DataForm.Create(
        "form", RoomNames.Config,
        DataForm.Field(Title, "text-single", options.Title ?? ""),
        DataForm.Field(Description, "text-single", options.Description ?? ""),
        Boolean(Persistent, options.IsPersistent),
        Boolean(Public, options.IsPublic),
        Boolean(Subject, options.AllowSubjectChange),
        Boolean(MembersOnly, options.IsMembersOnly),
        Boolean(Moderated, options.IsModerated),
        Boolean(HasPassword, options.Password is not null),
        DataForm.Field(Password, "text-private", options.Password ?? ""),
        DataForm.Field(WhoIs, "list-single", options.ShowsAddresses ? "anyone" : "moderators", "moderators", "anyone"),
        DataForm.Field(MaxOccupants, "text-single", Number(options.MaxOccupants) ?? "none"),
        DataForm.Field(History, "text-single", Number(options.HistoryLength)));

    /// <summary>Changes options as a submitted form says. Fields that are not there, or not known, change nothing.</summary>
    /// <returns>What is wrong with the form, or null.</returns>
    public static StanzaError? TryRead(XmppElement form, TestRoomOptions current, out TestRoomOptions changed)
    {
        changed = current;

        // XEP-0045 §10.1.2: a form without any field takes what is.
        if (form.FirstChild() is null)
        {
            return null;
        }

        if (DataForm.Value(form, "FORM_TYPE") != RoomNames.Config)
        {
            return StanzaErrors.BadRequest with { Text = "The form is not for configuring a room" };
        }

        string? wrong = null;
        changed = current with
        {
            Title = Text(Title, current.Title),
            Description = Text(Description, current.Description),
            IsPersistent = Flag(Persistent, current.IsPersistent),
            IsPublic = Flag(Public, current.IsPublic),
            AllowSubjectChange = Flag(Subject, current.AllowSubjectChange),
            IsMembersOnly = Flag(MembersOnly, current.IsMembersOnly),
            IsModerated = Flag(Moderated, current.IsModerated),
            ShowsAddresses = Choice(WhoIs, current.ShowsAddresses, "moderators", "anyone"),
            MaxOccupants = DataForm.Value(form, MaxOccupants) is "none" or "" ? null : Count(MaxOccupants, 1, current.MaxOccupants),
            HistoryLength = Math.Min(Count(History, 0, current.HistoryLength) ?? 0, LongestHistory),
        };
        if (wrong is not null)
        {
            return StanzaErrors.BadRequest with { Text = $"The field {wrong} has no such value" };
        }

        return TryReadPassword(form, current.Password, ref changed);

        string? Text(string name, string? old) => DataForm.Value(form, name) is { } text ? (text.Length == 0 ? null : text) : old;

        bool Flag(string name, bool old) => DataForm.Value(form, name) switch
        {
            null => old,
            "1" or "true" => true,
            "0" or "false" => false,
            _ => Wrong(name, old),
        };

        bool Choice(string name, bool old, string no, string yes)
        {
            var value = DataForm.Value(form, name);
            return value is null ? old : value == yes || (value != no && Wrong(name, old));
        }

        int? Count(string name, int least, int? old) => DataForm.Value(form, name) is not { } text ? old
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number
            : Wrong(name, old);

        T Wrong<T>(string name, T old)
        {
            wrong ??= name;
            return old;
        }
    }

    private static StanzaError? TryReadPassword(XmppElement form, string? current, ref TestRoomOptions changed)
    {
        var secret = DataForm.Value(form, Password);
        switch (DataForm.Value(form, HasPassword))
        {
            case null:
                changed = changed with { Password = secret switch { null => current, "" => null, _ => secret } };
                return null;
            case "0" or "false":
                changed = changed with { Password = null };
                return null;
            case "1" or "true" when (secret ?? current) is { Length: > 0 } password:
                changed = changed with { Password = password };
                return null;
            case "1" or "true":
                return RoomErrors.NotAcceptable with { Text = "A password is needed" };
            default:
                return StanzaErrors.BadRequest with { Text = $"The field {HasPassword} has no such value" };
        }
    }

    private static XmppElement Boolean(string name, bool value) => DataForm.Field(name, "boolean", value ? "1" : "0");

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
