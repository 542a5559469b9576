using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using XmppChatClient;
using XmppChatClient.Transports.Tcp;

// Where every library puts its Add method, so that it is there without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers DotNetty event loops with a host.</summary>
[RequiresUnreferencedCode(DotNettyEventLoops.Problem)]
[RequiresDynamicCode(DotNettyEventLoops.Problem)]
public static class DotNettyServiceCollectionExtensions
{
    /// <summary>Adds <see cref="DotNettyEventLoops"/> that the host's client uses, and whatever else asks for them. They
    /// start with their first user and are shut down with the host's services, after the client.</summary>
    /// <param name="count">How many, each a thread. Default as many as there are processors.</param>
    public static IServiceCollection AddDotNettyEventLoops(this IServiceCollection services, int? count = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(_ => new DotNettyEventLoops(count ?? Environment.ProcessorCount));
        services.TryAddSingleton<IStreamDialer>(provider => provider.GetRequiredService<DotNettyEventLoops>());
        return services;
    }
}
