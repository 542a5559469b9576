using System.Diagnostics;

namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>A server in the foreground as our child; it ends when its standard input does.</summary>
internal sealed class ServerProcess : IDisposable
{
    // A server has much to do before it serves: more than anything else that a test waits for.
    private static readonly TimeSpan Patience = 4 * Hang.Limit;

    private readonly Process _process;
    private readonly Task _exit;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly List<string> _lines = [];
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];

    public ServerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _exit = WatchExitAsync();
    }

    /// <summary>Everything the server printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
                return string.Join('\n', _lines);
        }
    }

    public async Task WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        // Tests side by side make their accounts at the same time.
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Until a line with <paramref name="text"/> has been printed; throws, with the output, if the process ends first.</summary>
    public async Task WaitForAsync(string text, CancellationToken cancellationToken)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lines.Exists(line => line.Contains(text, StringComparison.Ordinal)))
                return;
            _waiting.Add((text, seen));
        }

        try
        {
            var first = await Task.WhenAny(seen.Task, _exit).WaitAsync(Patience, cancellationToken);
            if (first != seen.Task && !seen.Task.IsCompleted)
                throw new InvalidOperationException($"The server ended (exit code {_process.ExitCode}) before it printed '{text}':\n{Output}");
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The server did not print '{text}' within {Patience.TotalSeconds} s:\n{Output}");
        }
    }

    /// <summary>Asks the server to end by closing its standard input, and insists after a while.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _exit.WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <summary>Ends the server and its children at once; the clients see the connection reset or closed without a word.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _exit;
    }

    public void Dispose()
    {
        _process.Dispose();
        _writing.Dispose();
    }

    private async Task WatchExitAsync() => await _process.WaitForExitAsync();

    private void Add(string? line)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var waiter in _waiting.Where(waiter => line.Contains(waiter.Text, StringComparison.Ordinal)))
                waiter.Seen.TrySetResult();
        }
    }
}
