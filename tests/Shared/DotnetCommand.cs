using System.Diagnostics;

namespace XmppChatClient.Shared.Tests;

/// <summary>The dotnet command as a process of its own.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>What it printed; fails the test when it does not succeed.</summary>
    /// <param name="cache">Where it keeps packages; null for where builds on this machine do.</param>
    public static async Task<string> RunAsync(string folder, string? cache, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder };
        if (cache is not null)
        {
            start.Environment["NUGET_PACKAGES"] = cache;
        }

        // A build node that lives on would hold our end of its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        var (exitCode, output) = await ProgramRun.ToEndAsync(start, Limit);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }
}
