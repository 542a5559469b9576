namespace XmppChatClient.Roster;

/// <summary>Who sees whose presence (RFC 6121 §2.1.2.5).</summary>
public enum RosterSubscription
{
    /// <summary>Neither.</summary>
    None,

    /// <summary>We see theirs.</summary>
    To,

    /// <summary>They see ours.</summary>
    From,

    /// <summary>Both.</summary>
    Both,

    /// <summary>Only in a change: the contact is removed.</summary>
    Remove,
}
