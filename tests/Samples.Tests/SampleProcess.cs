using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace XmppChatClient.Samples.Tests;

/// <summary>A sample as its users run it: a process, in a folder of its own.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _error;
    private readonly Lock _lock = new();
    private readonly StringBuilder _output = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    private SampleProcess(string program, IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> environment)
    {
        Folder = Directory.CreateTempSubdirectory("sample-").FullName;
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _reading = ReadAsync();
        _error = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public string Folder { get; }

    /// <summary>What it wrote to its standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="sample">The name of its project.</param>
    public static SampleProcess Start(string sample, string[] arguments, params (string Name, string Value)[] environment) =>
        new("dotnet", [AssemblyOf(sample), .. arguments], environment);

    /// <summary>A sample at a terminal.</summary>
    public static SampleProcess StartAtTerminal(string sample) => StartCommandAtTerminal($"exec dotnet '{AssemblyOf(sample)}'");

    /// <summary>A command of the shell at a terminal, which the <c>script</c> of util-linux makes.</summary>
    public static SampleProcess StartCommandAtTerminal(string command) => new(
        "script",
        ["-qec", "stty rows 30 columns 120; " + command, "/dev/null"],
        [("TERM", "xterm"), ("LANG", "C.UTF-8"), ("CI", "")]);

    /// <summary>Writes all of its input, without an end of line of our own.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> input)
    {
        var stream = _process.StandardInput.BaseStream;
        await stream.WriteAsync(input, TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    public Task WriteAsync(string input) => WriteAsync(Encoding.UTF8.GetBytes(input));

    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Waits until its output holds a text behind a place.</summary>
    /// <returns>The place behind that text.</returns>
    public async Task<int> WaitForAsync(string text, int from = 0)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Hang.Limit);
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_output.ToString().IndexOf(text, from, StringComparison.Ordinal) is var at and >= 0)
                {
                    return at + text.Length;
                }

                Assert.False(_ended, $"It ended without '{text}':\n{_output}");
                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                Assert.Fail($"'{text}' did not come:\n{Output}");
            }
        }
    }

    /// <param name="signal">Its name, such as <c>TERM</c>.</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <returns>Its exit code, and what it wrote to its standard error.</returns>
    public async Task<(int ExitCode, string Error)> WaitForExitAsync()
    {
        var token = TestContext.Current.CancellationToken;
        await _process.WaitForExitAsync(token).WaitAsync(Hang.Limit, token);
        await _reading.WaitAsync(Hang.Limit, token);
        return (_process.ExitCode, await _error.WaitAsync(Hang.Limit, token));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static string AssemblyOf(string sample) =>
        Path.Combine(Metadata("Samples"), sample, Metadata("Output"), sample + ".dll");

    private static string Metadata(string name) => typeof(SampleProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        int read;
        do
        {
            read = await _process.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken);
            lock (_lock)
            {
                _output.Append(buffer, 0, read);
                _ended = read == 0;
                _more.SetResult();
                _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
        while (read > 0);
    }
}
