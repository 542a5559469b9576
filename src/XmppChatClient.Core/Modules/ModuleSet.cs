using XmppChatClient.Xml;

namespace XmppChatClient.Modules;

/// <summary>Everything the modules of one client registered. Arrays that are made anew for each addition: there are few of
/// them, they never change once the client is made, and a process may have thousands of clients.</summary>
internal sealed class ModuleSet
{
    private IqRoute[] _routes = [];

    /// <summary>Sorted, each once.</summary>
    public string[] Features { get; private set; } = [];

    public Func<Message, bool>[] MessageHooks { get; private set; } = [];

    public Func<Presence, bool>[] PresenceHooks { get; private set; } = [];

    public Func<Presence, Presence>[] PresenceSendingHooks { get; private set; } = [];

    public Func<CancellationToken, ValueTask>[] SessionStarts { get; private set; } = [];

    public Func<CancellationToken, ValueTask>[] CatchUps { get; private set; } = [];

    public Action<Message>[] HandledHooks { get; private set; } = [];

    public Func<Message, bool>[] ReceiptRequests { get; private set; } = [];

    public Func<bool>[] OfflineFetches { get; private set; } = [];

    public Func<Message, CopyReceived?>[] CopyReaders { get; private set; } = [];

    public BindFeature[] BindFeatures { get; private set; } = [];

    public Action[] SessionEnds { get; private set; } = [];

    public Func<IReadOnlyList<UnacknowledgedMessage>, CancellationToken, ValueTask>[] ArrivalSearches { get; private set; } =
        [];

    public void AddFeature(string feature)
    {
        var at = Array.BinarySearch(Features, feature, StringComparer.Ordinal);
        if (at < 0)
        {
            Features = [.. Features[..~at], feature, .. Features[~at..]];
        }
    }

    /// <returns><see langword="false"/> when there is one for such requests already.</returns>
    public bool TryAdd(IqRoute route)
    {
        if (Find(route.Type, route.Payload) is not null)
        {
            return false;
        }

        _routes = [.. _routes, route];
        return true;
    }

    public void Add(Func<Message, bool> hook) => MessageHooks = [.. MessageHooks, hook];

    public void Add(Func<Presence, bool> hook) => PresenceHooks = [.. PresenceHooks, hook];

    public void Add(Func<Presence, Presence> hook) => PresenceSendingHooks = [.. PresenceSendingHooks, hook];

    public void Add(Func<CancellationToken, ValueTask> start) => SessionStarts = [.. SessionStarts, start];

    public void Add(Func<IReadOnlyList<UnacknowledgedMessage>, CancellationToken, ValueTask> find) =>
        ArrivalSearches = [.. ArrivalSearches, find];

    public void AddCatchUp(Func<CancellationToken, ValueTask> catchUp) => CatchUps = [.. CatchUps, catchUp];

    public void Add(Action<Message> handled) => HandledHooks = [.. HandledHooks, handled];

    public void AddReceiptRequest(Func<Message, bool> asks) => ReceiptRequests = [.. ReceiptRequests, asks];

    public void AddOfflineFetch(Func<bool> fetches) => OfflineFetches = [.. OfflineFetches, fetches];

    public void Add(Func<Message, CopyReceived?> read) => CopyReaders = [.. CopyReaders, read];

    public void Add(BindFeature feature) => BindFeatures = [.. BindFeatures, feature];

    public void Add(Action end) => SessionEnds = [.. SessionEnds, end];

    public IqRoute? Find(IqType type, XmlName payload)
    {
        foreach (var route in _routes)
        {
            if (route.Type == type && route.Payload == payload)
            {
                return route;
            }
        }

        return null;
    }

    /// <summary>Whether a message that goes out asks for a receipt that some module will hear of.</summary>
    public bool AsksForReceipt(Message message)
    {
        foreach (var asks in ReceiptRequests)
        {
            if (asks(message))
            {
                return true;
            }
        }

        return false;
    }

    public Presence Outgoing(Presence presence)
    {
        foreach (var hook in PresenceSendingHooks)
        {
            presence = hook(presence);
        }

        return presence;
    }
}
