using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using XmppChatClient;
using XmppChatClient.CatchUp;
using XmppChatClient.Dispatch;
using XmppChatClient.Hosting;
using XmppChatClient.Storage;
using XmppChatClient.Transports.Tcp;

// Where every library puts its Add method, so that it is there without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers an XMPP client, or a component, with a host.</summary>
public static class XmppServiceCollectionExtensions
{
    /// <summary>Adds an <see cref="XmppClient"/> that connects when the host starts, stays connected, and closes its session
    /// when the host stops. Its options come from the configuration section <c>Xmpp</c>, then from
    /// <paramref name="configure"/>. Bad settings and refused credentials stop the host with one line in the log and exit
    /// code 1; network trouble is retried. A <see cref="TimeProvider"/>, an <see cref="IStreamDialer"/> and an
    /// <see cref="IXmppStore"/> among the services are used; with the latter <c>Xmpp:CatchUp</c> is on unless it says
    /// <c>false</c>.</summary>
    /// <param name="configure">Changes the options after the configuration was read. Default: nothing.</param>
    /// <exception cref="InvalidOperationException">A client or a component is registered already.</exception>
    public static XmppBuilder AddXmppClient(this IServiceCollection services, Action<XmppClientOptions>? configure = null)
    {
        var registration = new XmppRegistration("Xmpp");
        if (configure is not null)
        {
            registration.Changes.Add(configure);
        }

        return Add(services, registration, ReadClient);
    }

    /// <summary>Adds a component (XEP-0114), which speaks for a whole domain: an <see cref="XmppClient"/> that the host connects,
    /// keeps connected and closes as one of <see cref="AddXmppClient"/>, with the same handlers; replies go out from the address
    /// that was written to. Its options come from the configuration section <c>XmppComponent</c>, then from
    /// <paramref name="configure"/>. A <see cref="TimeProvider"/>, an <see cref="IStreamDialer"/> and an
    /// <see cref="IXmppStore"/> among the services are used.</summary>
    /// <param name="configure">Changes the options after the configuration was read. Default: nothing.</param>
    /// <exception cref="InvalidOperationException">A client or a component is registered already.</exception>
    public static XmppBuilder AddXmppComponent(
        this IServiceCollection services, Action<XmppComponentOptions>? configure = null)
    {
        var registration = new XmppRegistration("XmppComponent");
        if (configure is not null)
        {
            registration.ComponentChanges.Add(configure);
        }

        return Add(services, registration, ReadComponent);
    }

    // Two of them, and nobody could say whose messages a handler gets.
    private static XmppBuilder Add(
        IServiceCollection services,
        XmppRegistration registration,
        Func<IServiceProvider, XmppRuntime> read,
        [CallerMemberName] string method = "")
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.FirstOrDefault(s => s.ServiceType == typeof(XmppRegistration))?.ImplementationInstance is XmppRegistration other)
        {
            throw new InvalidOperationException(other.Section == registration.Section
                ? $"{method} was called twice; a host has one client."
                : "A host has one client or one component, not both.");
        }

        services.AddSingleton(registration);
        services.AddSingleton(read);
        services.AddSingleton(CreateClient);
        services.AddHostedService<XmppHostedService>();
        return new XmppBuilder(services, registration);
    }

    private static XmppRuntime ReadClient(IServiceProvider provider)
    {
        var options = new XmppClientOptions
        {
            LoggerFactory = provider.GetRequiredService<ILoggerFactory>(),
            TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
            Dialer = provider.GetService<IStreamDialer>(),
            Store = provider.GetService<IXmppStore>(),
        };
        options.AddStandardModules();
        if (options.Store is not null)
        {
            // Who keeps messages over the end of a process wants those too that came meanwhile.
            options.Ensure<CatchUpModule>();
        }

        var (_, dispatch) = provider.GetRequiredService<XmppRegistration>()
            .Read(provider.GetRequiredService<IConfiguration>(), options);
        options.Ensure<OwnEntries>();
        return new XmppRuntime(() => new XmppClient(options), dispatch);
    }

    private static XmppRuntime ReadComponent(IServiceProvider provider)
    {
        var options = new XmppComponentOptions
        {
            LoggerFactory = provider.GetRequiredService<ILoggerFactory>(),
            TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
            Dialer = provider.GetService<IStreamDialer>(),
            Store = provider.GetService<IXmppStore>(),
        };
        options.AddStandardModules();
        var (_, dispatch) = provider.GetRequiredService<XmppRegistration>()
            .Read(provider.GetRequiredService<IConfiguration>(), options);
        options.Ensure<OwnEntries>();
        return new XmppRuntime(() => new XmppClient(options), dispatch);
    }

    private static XmppClient CreateClient(IServiceProvider provider)
    {
        try
        {
            return provider.GetRequiredService<XmppRuntime>().MakeClient();
        }
        catch (ArgumentException e)
        {
            throw new XmppConfigurationException($"{provider.GetRequiredService<XmppRegistration>().Section}:{e.Message}");
        }
    }
}
