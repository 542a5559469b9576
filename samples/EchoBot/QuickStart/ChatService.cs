using Microsoft.Extensions.Hosting;
using XmppChatClient;
using XmppChatClient.Subscriptions;

namespace EchoBot.QuickStart;

/// <summary>Logs you in beside the bot, and ends the program when you have nothing more to say.</summary>
internal sealed class ChatService(EmbeddedServer server, IChat chat, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A host that is stopped while it starts fails.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            await using var you = server.CreateYourClient();
            await you.ConnectAsync(stoppingToken);

            // So that another client of yours has the bot among its contacts.
            await you.Get<SubscriptionsModule>().SubscribeAsync(server.Bot.Jid, stoppingToken);
            if (!await chat.RunAsync(you, stoppingToken))
            {
                Environment.ExitCode = 1;
            }
        }
        catch (Exception e) when (e is XmppException or IOException)
        {
            await Console.Error.WriteLineAsync($"The chat with the bot ended: {e.Message}");
            Environment.ExitCode = 1;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}
