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
    private readonly long _started;
    private TimeSpan _startToOnline;

    public BotProcess(params string[] arguments)
        : this("dotnet", [PathOf("EchoBot"), .. arguments])
    {
    }

    private BotProcess(string program, IEnumerable<string> arguments)
    {
        Folder = Directory.CreateTempSubdirectory("echobot-").FullName;
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
        _started = Stopwatch.GetTimestamp();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Folder { get; }

    public string Output => string.Join('\n', _lines);

    public string Log => string.Concat(Directory.EnumerateFiles(Path.Combine(Folder, "logs")).Select(File.ReadAllText));

    /// <summary>From the start of the process to its line that says it is online.</summary>
    public TimeSpan StartToOnline => _startToOnline;

    /// <summary>Bytes of memory it holds at the moment.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public TimeSpan ProcessorTime => _process.TotalProcessorTime;

    /// <summary>A bot that is no assembly but a program of its own.</summary>
    public static BotProcess StartNative(string program, params string[] arguments) => new(program, arguments);

    public static string PathOf(string name) => typeof(BotProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;

    public async Task WaitUntilOnlineAsync(CancellationToken cancellationToken)
    {
        var gone = _process.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(_online.Task, gone).WaitAsync(Hang.Limit, cancellationToken) == gone)
        {
            throw new Xunit.Sdk.XunitException($"The bot ended before it was online:\n{Output}");
        }
    }

    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Hang.Limit, cancellationToken);
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
            _startToOnline = Stopwatch.GetElapsedTime(_started);
            _online.TrySetResult();
        }
    }
}
