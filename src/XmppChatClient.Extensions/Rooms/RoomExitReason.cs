namespace XmppChatClient.Rooms;

/// <summary>Why somebody is out of a room.</summary>
public enum RoomExitReason
{
    /// <summary>He left (XEP-0045 v1.35.1 §7.14), or the room gives no reason.</summary>
    Left,

    /// <summary>Somebody has thrown him out (§8.2, status 307).</summary>
    Kicked,

    /// <summary>He is banned (§9.1, status 301).</summary>
    Banned,

    /// <summary>He is no member, and the room is for members only from now on (§10.2, status 322), or he is none any longer (§9.4,
    /// status 321).</summary>
    NotMember,

    /// <summary>The room is gone (§10.9).</summary>
    Destroyed,

    /// <summary>The service goes down (§17.3, status 332).</summary>
    Shutdown,

    /// <summary>Something does not work, such as the way to his server (status 333); or the room does not know him any longer.</summary>
    Failed,
}
