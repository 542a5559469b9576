using Microsoft.Extensions.DependencyInjection;
using XmppChatClient;

namespace SampleBot;

/// <summary>What the bot's program registers, and its tests too.</summary>
internal static class HelpBotServices
{
    public static XmppBuilder AddHelpBot(this IServiceCollection services, Action<XmppClientOptions>? configure = null)
    {
        services.AddSingleton<Memory>();
        return services.AddXmppClient(configure).AddMessageHandler<HelpBot>();
    }
}
