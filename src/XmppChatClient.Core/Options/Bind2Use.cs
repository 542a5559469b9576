namespace XmppChatClient;

/// <summary>When a resource is bound together with the login (Bind 2, XEP-0386 v1.0.1). It has the server drop the messages that it
/// kept while nobody was online: they are to be had from the archive then.</summary>
public enum Bind2Use
{
    /// <summary>Where a module fetches them from there (<see cref="Modules.ModuleBuilder.OnOfflineMessages"/>). The default.</summary>
    WhenNothingIsLost,

    /// <summary>Wherever it is offered.</summary>
    Always,

    Never,
}
