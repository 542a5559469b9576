using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using XmppChatClient;
using XmppChatClient.CatchUp;
using XmppChatClient.Hosting;
using XmppChatClient.Storage;
using XmppChatClient.Transports.Tcp;

// Where every library puts its Add method, so that it is there without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers an XMPP client with a host.</summary>
public static class XmppServiceCollectionExtensions
{
    /// <summary>Adds an <see cref="XmppClient"/> that connects when the host starts, stays connected, and closes its session
    /// when the host stops. Its options come from the configuration section <c>Xmpp</c>, then from
    /// <paramref name="configure"/>. Bad settings and refused credentials stop the host with one line in the log and exit
    /// code 1; network trouble is retried. A <see cref="TimeProvider"/>, an <see cref="IStreamDialer"/> and an
    /// <see cref="IXmppStore"/> among the services are used; with the latter <c>Xmpp:CatchUp</c> is on unless it says
    /// <c>false</c>.</summary>
    /// <param name="configure">Changes the options after the configuration was read. Default: nothing.</param>
    /// <exception cref="InvalidOperationException">A client is registered already.</exception>
    public static XmppBuilder AddXmppClient(this IServiceCollection services, Action<XmppClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(s => s.ServiceType == typeof(XmppRegistration)))
        {
            throw new InvalidOperationException("AddXmppClient was called twice; a host has one client.");
        }

        var registration = new XmppRegistration("Xmpp");
        if (configure is not null)
        {
            registration.Changes.Add(configure);
        }

        services.AddSingleton(registration);
        services.AddSingleton(CreateRuntime);
        services.AddSingleton(CreateClient);
        services.AddHostedService<XmppHostedService>();
        return new XmppBuilder(services, registration);
    }

    private static XmppRuntime CreateRuntime(IServiceProvider provider)
    {
        var defaults = new XmppClientOptions
        {
            LoggerFactory = provider.GetRequiredService<ILoggerFactory>(),
            TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System,
            Dialer = provider.GetService<IStreamDialer>(),
            Store = provider.GetService<IXmppStore>(),
        };
        defaults.AddStandardModules();
        if (defaults.Store is not null)
        {
            // Who keeps messages over the end of a process wants those too that came meanwhile.
            defaults.Ensure<CatchUpModule>();
        }

        var (client, dispatch) = provider.GetRequiredService<XmppRegistration>()
            .Read(provider.GetRequiredService<IConfiguration>(), defaults);
        return new XmppRuntime(client, dispatch);
    }

    private static XmppClient CreateClient(IServiceProvider provider)
    {
        var section = provider.GetRequiredService<XmppRegistration>().Section;
        var options = provider.GetRequiredService<XmppRuntime>().Client;
        try
        {
            return new XmppClient(options);
        }
        catch (ArgumentException e)
        {
            throw new XmppConfigurationException($"{section}:{e.Message}");
        }
    }
}
