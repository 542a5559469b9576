namespace XmppChatClient;

/// <summary>Tells a test that hangs from one that is slow.</summary>
internal static class Hang
{
    /// <summary>For what must come, and comes long before this on a machine that has nothing else to do. Only a test that would
    /// otherwise never end waits so long.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
}
