namespace XmppChatClient;

/// <summary>When a message counts as handled towards the server.</summary>
public enum AcknowledgeMode
{
    /// <summary>When it has been received. What this process has not handled when it dies is lost.</summary>
    OnReceive,

    /// <summary>When it has been handled: its handlers have ended, whether well or not, or
    /// <see cref="XmppEvent.MarkHandled"/> was called. What was not handled when this process dies comes again.</summary>
    AfterHandling,
}
