using System.ComponentModel;

namespace Benchmarks.Load;

/// <summary>What both drivers do: read the command line, end their bots when they are stopped, and say what went wrong.</summary>
internal static class DriverMode
{
    public static async Task<int> RunAsync<TOptions>(
        string[] args, string usage, Func<string[], TOptions> parse, Func<TOptions, CancellationToken, Task> measure)
    {
        if (args is ["--help"])
        {
            Console.WriteLine("usage: " + usage);
            return 0;
        }

        TOptions options;
        try
        {
            options = parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\nusage: {usage}");
            return 2;
        }

        SocketSettings.UseInlineCompletions();
        using var stopping = new Stopping();
        try
        {
            await measure(options, stopping.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stopping.Token.IsCancellationRequested)
        {
            return 1;
        }
        catch (Exception e) when (e is BotFailureException or Win32Exception)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
