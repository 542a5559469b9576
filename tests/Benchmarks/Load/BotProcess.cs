using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Load;

/// <summary>A bot as a child process. Disposing it ends it, at the latest by force.</summary>
internal sealed class BotProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, double> _report = [];
    private readonly Process _process;

    public BotProcess(BotCommand command, int port, string? trustedRoots, int sessions)
    {
        var start = new ProcessStartInfo(command.Program, [
            .. command.Arguments, "127.0.0.1", port.ToString(CultureInfo.InvariantCulture), ServerIdentity.Account,
            ServerIdentity.Password, trustedRoots ?? "-"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["COUNT"] = sessions.ToString(CultureInfo.InvariantCulture);
        start.Environment.Remove(SocketSettings.InlineCompletions);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
    }

    /// <summary>Ends when it says READY.</summary>
    public Task Ready => _ready.Task;

    public TimeSpan ProcessorTime => ProcessClock.Read(_process.Id);

    public (long Resident, long Peak, int Threads) Size
    {
        get
        {
            _process.Refresh();
            return (_process.WorkingSet64, _process.PeakWorkingSet64, _process.Threads.Count);
        }
    }

    /// <summary>What it reported of itself (<c>REPORT name=number …</c>) or NaN; whole after <see cref="EndAsync"/>.</summary>
    public double Reported(string name)
    {
        lock (_report)
        {
            return _report.GetValueOrDefault(name, double.NaN);
        }
    }

    /// <summary>Ends when the process does, with what to say about it.</summary>
    public async Task<string> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return $"The bot ended with {_process.ExitCode}.";
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    /// <exception cref="BotFailureException">It does not.</exception>
    public async Task EndAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(LongestEnd);
        }
        catch (TimeoutException e)
        {
            throw new BotFailureException($"The bot had not ended {LongestEnd.TotalSeconds} s after SIGTERM.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line == "READY")
        {
            _ready.TrySetResult();
        }
        else if (line?.Split(' ') is ["REPORT", .. var pairs])
        {
            lock (_report)
            {
                foreach (var pair in pairs.Select(text => text.Split('=')))
                {
                    _report[pair[0]] = double.Parse(pair[1], CultureInfo.InvariantCulture);
                }
            }
        }
    }
}
