using Microsoft.Extensions.DependencyInjection.Extensions;
using XmppChatClient.Storage;

// Where every library puts its Add method, so that it is there without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a store with a host.</summary>
public static class SqliteStoreServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="SqliteStore"/> that the host's client uses.</summary>
    /// <param name="path">The file; made if it is not there.</param>
    public static IServiceCollection AddXmppSqliteStore(this IServiceCollection services, string path)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IXmppStore>(new SqliteStore(path));
        return services;
    }
}
