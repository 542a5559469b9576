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
            var line = e.Message.ReplaceLineEndings(" ");
            LogStopped(line);
            await StopHostAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e);
            await StopHostAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        // Not in the constructor: bad settings must end in one line, not in a failed resolution of services.
        var options = services.GetRequiredService<XmppRuntime>().Dispatch;
        var client = services.GetRequiredService<XmppClient>();
        using var dispatcher = new StanzaDispatcher(
            client, services.GetRequiredService<IServiceScopeFactory>(), registration, options, logger);
        var dispatching = dispatcher.RunAsync();
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
            await dispatcher.DrainAsync().ConfigureAwait(false);

            // Ends with the client's last event, and with the error that ended the client, which is reported already.
            await dispatching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await dispatcher.FinishAsync().ConfigureAwait(false);
        }

        if (dispatcher.LastEnd is { Reason: SessionEndReason.ClosedByServer, RetryIn: null })
        {
            throw new XmppConnectionException(
                $"The server closed the stream, and {registration.Section}:Reconnect:Enabled is false.");
        }
    }

    // Stopping a host that is still starting makes its start throw; the one line is what the user should see.
    private async Task StopHostAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var onStarted = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        using var onStopping = stoppingToken.Register(() => started.TrySetResult());
        await started.Task.ConfigureAwait(false);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    [LoggerMessage(EventId = 50, Level = LogLevel.Critical, Message = "{Reason}")]
    private partial void LogStopped(string reason);

    [LoggerMessage(EventId = 51, Level = LogLevel.Critical, Message = "The bot failed in a way that was not foreseen")]
    private partial void LogFailed(Exception exception);
}
