using System.Diagnostics;

namespace XmppChatClient.Shared.Tests;

/// <summary>Runs a program to its end.</summary>
internal static class ProgramRun
{
    /// <summary>Its exit code and what it printed; killed, with all it started, when it does not end in time.</summary>
    public static async Task<(int ExitCode, string Output)> ToEndAsync(ProcessStartInfo start, TimeSpan limit)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        // `dotnet test` tells its own children where its build engine is; this one is to find its own.
        foreach (var name in start.Environment.Keys.Where(IsOfTheRunner).ToArray())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token) + await error;
            await process.WaitForExitAsync(timeout.Token);
            return (process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static bool IsOfTheRunner(string name) =>
        name is "MSBuildSDKsPath" or "MSBuildExtensionsPath" or "MSBUILD_EXE_PATH" or "MSBuildLoadMicrosoftTargetsReadOnly"
        || name.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase);
}
