namespace XmppChatClient.CatchUp;

/// <summary>How far somebody who follows an archive is.</summary>
internal enum FollowState
{
    /// <summary>The session, or our being in the room, has not begun.</summary>
    Before,

    /// <summary>Where the archive ends is not known yet; what was before is not wanted.</summary>
    Finding,

    /// <summary>What the archive has since the position is still to come.</summary>
    Behind,

    /// <summary>Nothing is missing: what comes live is the newest.</summary>
    UpToDate,

    /// <summary>Something is missing, and in this session nothing can be done about it.</summary>
    GivenUp,

    /// <summary>There is no archive.</summary>
    Off,
}
