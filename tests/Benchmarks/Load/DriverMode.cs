namespace Benchmarks.Load;

/// <summary>What both drivers do: read the command line, end their bots when they are stopped, and say what went wrong.</summary>
internal static class DriverMode
{
    /// <param name="measure">Says whether all was as it should be.</param>
    public static async Task<int> RunAsync<TOptions>(
        string[] args, string usage, Func<string[], TOptions> parse, Func<TOptions, CancellationToken, Task<bool>> measure)
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
            return await measure(options, stopping.Token) ? 0 : 1;
        }
        catch (OperationCanceledException) when (stopping.Token.IsCancellationRequested)
        {
            return 1;
        }
        catch (BotFailureException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
