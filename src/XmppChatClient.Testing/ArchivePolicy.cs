namespace XmppChatClient.Testing;

/// <summary>Whose messages are archived where an account has not said otherwise (XEP-0441 §2).</summary>
public enum ArchivePolicy
{
    /// <summary>Everybody's.</summary>
    Always,

    /// <summary>Those of contacts in the roster.</summary>
    Roster,

    /// <summary>Nobody's.</summary>
    Never,
}
