using XmppChatClient.Stanzas;

namespace XmppChatClient.Testing.Rooms;

/// <summary>What rooms refuse with. Where Prosody and ejabberd differ it is Prosody's condition, unless only ejabberd refuses
/// that at all.</summary>
internal static class RoomErrors
{
    public static StanzaError NoSuchRoom { get; } = StanzaErrors.ItemNotFound with { Text = "There is no such room" };

    public static StanzaError Locked { get; } = StanzaErrors.ItemNotFound with { Text = "The room is not configured yet" };

    /// <summary>To whoever sends presence without entering, as after it was dropped without noticing.</summary>
    public static StanzaError NotEntered { get; } = StanzaErrors.ItemNotFound with { Text = "You are not in this room" };

    public static StanzaError NotAnOccupant { get; } =
        new(StanzaErrorType.Cancel, StanzaErrorCondition.NotAcceptable, "You are not in this room");

    public static StanzaError NoSuchOccupant { get; } =
        StanzaErrors.ItemNotFound with { Text = "Nobody in the room has this nickname" };

    public static StanzaError NickRequired { get; } =
        new(StanzaErrorType.Modify, StanzaErrorCondition.JidMalformed, "A nickname is required");

    public static StanzaError InvisibleNick { get; } =
        new(StanzaErrorType.Modify, StanzaErrorCondition.NotAllowed, "A nickname must be visible");

    public static StanzaError NickTaken { get; } =
        new(StanzaErrorType.Cancel, StanzaErrorCondition.Conflict, "The nickname is taken");

    public static StanzaError Banned { get; } = StanzaErrors.Forbidden with { Text = "You are banned from this room" };

    public static StanzaError MembersOnly { get; } =
        new(StanzaErrorType.Auth, StanzaErrorCondition.RegistrationRequired, "The room is for members only");

    public static StanzaError WrongPassword { get; } =
        new(StanzaErrorType.Auth, StanzaErrorCondition.NotAuthorized, "The room has another password");

    /// <summary>As ejabberd; Prosody has no such limit, and XEP-0045 §7.2.9 names service-unavailable.</summary>
    public static StanzaError Full { get; } = StanzaErrors.ResourceConstraint with { Text = "The room is full" };

    public static StanzaError NoVoice { get; } = StanzaErrors.Forbidden with { Text = "You have no voice in this room" };

    public static StanzaError SubjectForbidden { get; } =
        StanzaErrors.Forbidden with { Text = "You may not change the subject" };

    public static StanzaError OwnersOnly { get; } = StanzaErrors.Forbidden with { Text = "Only owners may do this" };

    public static StanzaError NotAllowed { get; } = new(StanzaErrorType.Cancel, StanzaErrorCondition.NotAllowed);

    public static StanzaError NotAcceptable { get; } = new(StanzaErrorType.Modify, StanzaErrorCondition.NotAcceptable);

    public static StanzaError JidMalformed { get; } = new(StanzaErrorType.Modify, StanzaErrorCondition.JidMalformed);

    public static StanzaError NoOwnerLeft { get; } =
        new(StanzaErrorType.Cancel, StanzaErrorCondition.Conflict, "A room needs an owner");

    /// <summary>Whether an error shows that whoever sent it cannot be reached any more, as Prosody sees it.</summary>
    public static bool EndsTheStay(StanzaError? error) => error?.Condition is null
        or StanzaErrorCondition.Gone or StanzaErrorCondition.InternalServerError or StanzaErrorCondition.ItemNotFound
        or StanzaErrorCondition.JidMalformed or StanzaErrorCondition.RecipientUnavailable or StanzaErrorCondition.Redirect
        or StanzaErrorCondition.RemoteServerNotFound or StanzaErrorCondition.RemoteServerTimeout
        or StanzaErrorCondition.ServiceUnavailable;
}
