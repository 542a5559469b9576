using XmppChatClient.Testing.Archive;
using XmppChatClient.Testing.Carbons;
using XmppChatClient.Testing.Discovery;
using XmppChatClient.Testing.Offline;
using XmppChatClient.Testing.Presences;
using XmppChatClient.Testing.Registration;
using XmppChatClient.Testing.Rooms;
using XmppChatClient.Testing.Rosters;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Testing.StreamManagement;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Modules;

/// <summary>What the server can do: the one list of modules, and what they registered.</summary>
internal sealed class ServerModules
{
    private readonly ServerModule[] _all =
    [
        new SessionRequests(),
        new RosterModule(),
        new AvailabilityWaits(),
        new OfflineMessages(),
        new ArchiveModule(),
        new CarbonsModule(),
        new ArchiveIdPrivacy(),
        new DiscoveryModule(),
        new PingModule(),
        new VersionModule(),
        new RegistrationModule(),
        new LimitsModule(),
        new RoomsModule(),
        new RoomArchives(),

        // The last: it counts what the others let go.
        new StreamManagementModule(),
    ];

    public ReadOnlySpan<ServerModule> All => _all;

    public SortedSet<string> ServerFeatures { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> AccountFeatures { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> RoomFeatures { get; } = new(StringComparer.Ordinal);

    public Dictionary<XmlName, Action<IqRequest>> ServerIqs { get; } = [];

    public Dictionary<XmlName, Action<IqRequest>> AccountIqs { get; } = [];

    public Dictionary<XmlName, Action<IqRequest>> NobodyIqs { get; } = [];

    public Dictionary<XmlName, Action<Room, IqRequest>> RoomIqs { get; } = [];

    public Dictionary<XmlName, Action<ServerConnection, XmppElement>> IqsBeforeLogin { get; } = [];

    public Dictionary<XmlName, Action<ServerConnection, XmppElement>> Nonzas { get; } = [];

    public Dictionary<XmlName, Func<ServerSession, XmppElement, XmppElement?>> BindFeatures { get; } = [];

    public Dictionary<string, HostedDomain> Hosts { get; } = new(StringComparer.Ordinal);

    /// <summary>The one module of that class.</summary>
    public TModule Get<TModule>()
        where TModule : ServerModule => _all.OfType<TModule>().Single();

    public void Attach(ServerEngine server)
    {
        foreach (var module in _all)
        {
            module.Attach(server, new ModuleSetup(this, server.Domain));
        }
    }
}
