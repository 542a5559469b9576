namespace XmppChatClient.Testing.Routing;

/// <summary>What a message's sender wishes to be done with it (XEP-0334 v0.3.1).</summary>
internal static class MessageHints
{
    public const string Namespace = "urn:xmpp:hints";

    public static bool HasHint(this RoutedStanza message, string hint) => message.Has(Namespace, hint);

    /// <summary>Whether it is to be in no archive.</summary>
    public static bool ForbidsArchive(this RoutedStanza message) =>
        message.HasHint("no-store") || message.HasHint("no-permanent-store");
}
