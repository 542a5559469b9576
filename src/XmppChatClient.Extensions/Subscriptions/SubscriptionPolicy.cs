namespace XmppChatClient.Subscriptions;

/// <summary>What to do when somebody asks to see our presence.</summary>
public enum SubscriptionPolicy
{
    /// <summary>The request goes to the handlers, which approve or deny it. The default.</summary>
    AskHandler,

    /// <summary>Whoever is in our roster already may; other requests go to the handlers.</summary>
    AcceptRoster,

    /// <summary>Everybody may.</summary>
    AcceptAll,
}
