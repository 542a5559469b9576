namespace XmppChatClient.Fuzz;

/// <summary>How reading XML ended.</summary>
internal enum XmlReadingEnd
{
    /// <summary>The document or stream was closed.</summary>
    Closed,

    /// <summary>More was to come.</summary>
    Unfinished,

    /// <summary>It was wrong.</summary>
    Refused,
}
