namespace XmppChatClient;

/// <summary>One presence and the client it came to.</summary>
/// <param name="client">The client it came to.</param>
/// <param name="presence">The presence.</param>
/// <param name="services">The services of this presence's scope.</param>
public sealed class PresenceContext(XmppClient client, Presence presence, IServiceProvider services)
{
    public XmppClient Client { get; } = client;

    public Presence Presence { get; } = presence;

    /// <summary>The services of this presence's scope.</summary>
    public IServiceProvider Services { get; } = services;
}
