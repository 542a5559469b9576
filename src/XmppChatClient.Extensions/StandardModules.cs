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

    /// <summary>Adds what of that has a meaning without an account: service discovery, ping with keepalive, software version,
    /// entity time and delivery receipts, each unless there is one already. They answer for the domain and for all its
    /// addresses.</summary>
    public static XmppComponentOptions AddStandardModules(this XmppComponentOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Ensure<ReceiptsModule>();
        options.Ensure<PingModule>();
        options.Ensure<SoftwareVersionModule>();
        options.Ensure<EntityTimeModule>();
        options.Ensure<DiscoModule>();
        return options;
    }

    /// <summary>The module of that type among the options', added if it was missing: for changing its settings.</summary>
    public static TModule Ensure<TModule>(this XmppClientOptions options)
        where TModule : class, Modules.IXmppModule, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        return EnsureIn<TModule>(options.Modules);
    }

    /// <summary>The module of that type among the options', added if it was missing: for changing its settings.</summary>
    public static TModule Ensure<TModule>(this XmppComponentOptions options)
        where TModule : class, Modules.IXmppModule, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        return EnsureIn<TModule>(options.Modules);
    }

    private static TModule EnsureIn<TModule>(IList<Modules.IXmppModule> modules)
        where TModule : class, Modules.IXmppModule, new()
    {
        if (modules.OfType<TModule>().FirstOrDefault() is { } present)
        {
            return present;
        }

        var added = new TModule();
        modules.Add(added);
        return added;
    }
}
