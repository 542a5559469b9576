namespace XmppChatClient;

/// <summary>A copy of a message that another client of our account has sent or got.</summary>
/// <param name="client">The client it came to.</param>
/// <param name="copy">The copy.</param>
/// <param name="services">The services of this copy's scope.</param>
public sealed class CopyContext(XmppClient client, CopyReceived copy, IServiceProvider services)
{
    public XmppClient Client { get; } = client;

    /// <summary>The message itself, as it was sent.</summary>
    public Message Message => copy.Message;

    /// <summary>Whether our account has sent it; <see langword="false"/> when it was sent to us.</summary>
    public bool IsSent => copy.IsSent;

    /// <summary>With whom the other client talks.</summary>
    public Jid? Peer => copy.Peer;

    /// <summary>The services of this copy's scope.</summary>
    public IServiceProvider Services { get; } = services;
}
