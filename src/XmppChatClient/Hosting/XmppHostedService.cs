using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using XmppChatClient.Dispatch;

namespace XmppChatClient.Hosting;

/// <summary>Runs the client while the host runs. What cannot be mended stops the host with one line in the log and exit code
/// 1.</summary>
internal sealed partial class XmppHostedService(
    IServiceProvider services,
    XmppRegistration registration,
    IHostApplicationLifetime lifetime,
    ILogger<XmppHostedService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is XmppException or XmppConfigurationException)
        {
            LogStopped(e.Message);
            await StopHostAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        // Not in the constructor: bad settings must end in one line, not in a failed resolution of services.
        var (client, options) = services.GetRequiredService<XmppRuntime>();
        using var dispatcher = new StanzaDispatcher(
            client, services.GetRequiredService<IServiceScopeFactory>(), registration.Handlers, options, logger);
        var dispatching = dispatcher.RunAsync(CancellationToken.None);
        var running = client.RunAsync(CancellationToken.None);
        try
        {
            await running.WaitAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Handlers first, while they can still send; then the stream.
            await dispatcher.DrainAsync().ConfigureAwait(false);
            await client.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            // Ends with the client's last event, and with the error that ended the client, which is reported already.
            await dispatching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await dispatcher.DrainAsync().ConfigureAwait(false);
        }
    }

    // Stopping a host that is still starting makes its start throw; the one line is what the user should see.
    private async Task StopHostAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        using var onStopping = stoppingToken.Register(() => started.TrySetResult());
        await started.Task.ConfigureAwait(false);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    [LoggerMessage(EventId = 50, Level = LogLevel.Critical, Message = "{Reason}")]
    private partial void LogStopped(string reason);
}
