namespace XmppChatClient.Testing.Login;

/// <summary>A token that was given to a client (XEP-0484).</summary>
internal sealed class FastAccess(string mechanism, string secret, DateTimeOffset made, DateTimeOffset expiry)
{
    public string Mechanism => mechanism;

    public string Secret => secret;

    public DateTimeOffset Made => made;

    public DateTimeOffset Expiry => expiry;

    /// <summary>The highest count it was used with: what comes again with no higher one is a replay (§3.4).</summary>
    public int LastCount { get; set; } = -1;
}
