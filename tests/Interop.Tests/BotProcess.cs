using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace XmppChatClient.Interop.Tests;

/// <summary>EchoBot as its users run it: a process with a command line, in a folder of its own.</summary>
internal sealed class BotProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _online = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    public BotProcess(params string[] arguments)
    {
        Folder = Directory.CreateTempSubdirectory("echobot-").FullName;
        var start = new ProcessStartInfo("dotnet", [PathOf("EchoBot"), .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Folder { get; }

    public string Output => string.Join('\n', _lines);

    public string Log => string.Concat(Directory.EnumerateFiles(Path.Combine(Folder, "logs")).Select(File.ReadAllText));

    public static string PathOf(string name) => typeof(BotProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;

    public async Task WaitUntilOnlineAsync(CancellationToken cancellationToken)
    {
        var gone = _process.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(_online.Task, gone).WaitAsync(TimeSpan.FromSeconds(30), cancellationToken) == gone)
        {
            throw new Xunit.Sdk.XunitException($"The bot ended before it was online:\n{Output}");
        }
    }

    public async Task<int> WaitForExitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(limit, cancellationToken);
        return _process.ExitCode;
    }

    public async Task SignalAsync(string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (line.Contains("Online as", StringComparison.Ordinal))
        {
            _online.TrySetResult();
        }
    }
}
