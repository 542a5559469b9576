using XmppChatClient.Archive;
using XmppChatClient.Capabilities;
using XmppChatClient.Disco;
using XmppChatClient.EntityTime;
using XmppChatClient.Ping;
using XmppChatClient.Receipts;
using XmppChatClient.Roster;
using XmppChatClient.SoftwareVersion;
using XmppChatClient.Subscriptions;

namespace XmppChatClient;

/// <summary>The modules that nearly every client wants.</summary>
public static class StandardModules
{
    /// <summary>Adds service discovery and capabilities, ping with keepalive, software version, entity time, the roster,
    /// presence subscriptions, archives and delivery receipts, each unless there is one already.</summary>
    public static XmppClientOptions AddStandardModules(this XmppClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Ensure<RosterModule>();
        options.Ensure<SubscriptionsModule>();
        options.Ensure<ArchiveModule>();
        options.Ensure<ReceiptsModule>();
        options.Ensure<PingModule>();
        options.Ensure<SoftwareVersionModule>();
        options.Ensure<EntityTimeModule>();
        options.Ensure<DiscoModule>();
        options.Ensure<CapabilitiesModule>();
        return options;
    }

    /// <summary>The module of that type among the options', added if it was missing: for changing its settings.</summary>
    public static TModule Ensure<TModule>(this XmppClientOptions options)
        where TModule : class, Modules.IXmppModule, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Modules.OfType<TModule>().FirstOrDefault() is { } present)
        {
            return present;
        }

        var added = new TModule();
        options.Modules.Add(added);
        return added;
    }
}
