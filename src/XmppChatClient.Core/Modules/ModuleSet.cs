using XmppChatClient.Xml;

namespace XmppChatClient.Modules;

internal delegate ValueTask<IPayload?> IqHandler(Iq iq, CancellationToken cancellationToken);

/// <summary>Everything the modules of one client registered.</summary>
internal sealed class ModuleSet
{
    public SortedSet<string> Features { get; } = new(StringComparer.Ordinal);

    public Dictionary<(IqType Type, XmlName Name), IqHandler> IqHandlers { get; } = [];

    public List<Func<Message, bool>> MessageHooks { get; } = [];

    public List<Func<Presence, bool>> PresenceHooks { get; } = [];

    public List<Func<Presence, Presence>> PresenceSendingHooks { get; } = [];

    public List<Func<CancellationToken, ValueTask>> SessionStarts { get; } = [];

    public List<Action> SessionEnds { get; } = [];

    public Presence Outgoing(Presence presence)
    {
        foreach (var hook in PresenceSendingHooks)
        {
            presence = hook(presence);
        }

        return presence;
    }
}
