using System.Diagnostics;

namespace Benchmarks.Load;

/// <summary>A bot with the server that is there for it, all its sessions online.</summary>
internal sealed class OnlineBot : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private OnlineBot(LoopbackServer server, BotProcess process)
    {
        _server = server;
        Process = process;
    }

    public BotProcess Process { get; }

    /// <summary>Its first session.</summary>
    public ServerConnection Connection { get; private set; } = null!;

    /// <summary>From the start of the process to all its sessions' first presence and its READY.</summary>
    public TimeSpan StartToOnline { get; private set; }

    /// <exception cref="BotFailureException">It does not come online.</exception>
    public static async Task<OnlineBot> StartAsync(
        BotCommand command, ServerIdentity identity, Link link, int sessions, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var server = new LoopbackServer(identity, link);
        var bot = new OnlineBot(server, new BotProcess(command, server.Port, link == Link.Tls ? identity.TrustedRoots : null, sessions));
        try
        {
            await bot.WhileThereAsync(bot.ComeOnlineAsync(sessions, cancellationToken), limit, cancellationToken);
            bot.StartToOnline = Stopwatch.GetElapsedTime(began);
            return bot;
        }
        catch
        {
            await bot.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for what needs the bot.</summary>
    /// <exception cref="BotFailureException">The bot leaves first, or it takes too long.</exception>
    public async Task WhileThereAsync(Task work, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var exit = Process.WaitForExitAsync(over.Token);
        try
        {
            var first = await Task.WhenAny(work, _server.Lost, exit).WaitAsync(limit, cancellationToken);
            if (first == _server.Lost)
            {
                var reason = await _server.Lost;
                throw new BotFailureException(reason.Message, reason);
            }

            await first;
            if (first == exit)
            {
                throw new BotFailureException(await exit);
            }
        }
        catch (TimeoutException e)
        {
            throw new BotFailureException($"The bot was not done within {limit.TotalSeconds} s.", e);
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task ComeOnlineAsync(int sessions, CancellationToken cancellationToken)
    {
        Connection = await _server.NextOnlineAsync(cancellationToken);
        for (var i = 1; i < sessions; i++)
        {
            await _server.NextOnlineAsync(cancellationToken);
        }

        await Process.Ready;
    }
}
