namespace XmppChatClient.Transports.Dns;

/// <summary>Where to look for a server.</summary>
/// <param name="Targets">In the order in which to try them.</param>
/// <param name="Problems">What went wrong in finding them, whether there are any or not.</param>
internal sealed record ServiceTargets(IReadOnlyList<ServiceTarget> Targets, IReadOnlyList<string> Problems)
{
    /// <summary>Whether DNS said so some time ago, and may say something else now.</summary>
    public bool AreRemembered { get; init; }
}
