using System.Diagnostics;
using System.Globalization;

namespace XmppChatClient.NothingLost.Kill;

/// <summary>A process of NothingLost.Bot, which is there to be killed. Of one thread, but for what it says.</summary>
public sealed class MortalBot : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private readonly Tally _lines = new();
    private readonly List<string> _said = [];

    private MortalBot(Process process)
    {
        _process = process;
        _reading = ReadAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>All that it has said.</summary>
    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
            {
                return [.. _said];
            }
        }
    }

    public static MortalBot Start(MortalBotSettings settings)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "NothingLost.Bot.dll"), settings.Jid.ToString(), settings.Password,
            settings.Server.Address.ToString(), settings.Server.Port.ToString(CultureInfo.InvariantCulture), settings.TrustedRoots,
            settings.Store, settings.Peer.ToString(), settings.Resume ? "true" : "false",
        ];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new MortalBot(Process.Start(start) ?? throw new InvalidOperationException("The bot did not start."));
    }

    /// <summary>Has it send numbered messages.</summary>
    public async Task SendAsync(int first, int count)
    {
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"send {first} {count}"));
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until it has said that.</summary>
    public async Task HeardAsync(string line, CancellationToken cancellationToken)
    {
        for (var count = 1L; ; count++)
        {
            await AnswerAsync(count, cancellationToken);
            if (Said[(int)count - 1] == line)
            {
                return;
            }
        }
    }

    /// <summary>Waits until it has said so many lines.</summary>
    /// <exception cref="InvalidOperationException">It ended by itself.</exception>
    public async Task AnswerAsync(long lines, CancellationToken cancellationToken)
    {
        var reached = _lines.ReachedAsync(lines, cancellationToken);
        if (await Task.WhenAny(reached, _reading) != reached && !reached.IsCompleted)
        {
            throw new InvalidOperationException($"The bot ended: {await _errors}");
        }

        await reached;
    }

    /// <summary>Ends it as the kernel does that runs out of memory: at once, and without asking (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    /// <summary>Has it end in good order.</summary>
    /// <returns>Its exit code, and what it wrote to its standard error.</returns>
    public async Task<(int Code, string Errors)> EndAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                _said.Add(line);
            }

            _lines.Add(1);
        }
    }
}
