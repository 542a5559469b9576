namespace XmppChatClient;

/// <summary>Which tokens stand in for the password at later logins (FAST, XEP-0484 v0.2.0).</summary>
public enum FastTokens
{
    /// <summary>Those that are no weaker than the login that got them: bound to the channel where that was. The default.</summary>
    AsStrong,

    /// <summary>All. One that is not bound to the channel can be passed on by whoever holds a certificate for the server's domain,
    /// even where logins by password are bound to it.</summary>
    Any,

    None,
}
