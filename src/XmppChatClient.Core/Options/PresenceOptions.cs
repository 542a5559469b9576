namespace XmppChatClient;

/// <summary>The presence sent when a session starts.</summary>
public sealed class PresenceOptions
{
    /// <summary>Default <see cref="PresenceShow.Online"/>.</summary>
    public PresenceShow Show { get; set; }

    /// <summary>A line for people. Default none.</summary>
    public string? Status { get; set; }

    /// <summary>-128 to 127; negative gets no messages sent to the bare JID. Default 0.</summary>
    public sbyte Priority { get; set; }
}
