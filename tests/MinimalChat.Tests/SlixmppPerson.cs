using System.Diagnostics;
using System.Text;
using System.Text.Json;
using XmppChatClient.Interop.Tests.Servers;

namespace MinimalChat.Tests;

/// <summary>Somebody in the room on XMPP, by slixmpp.</summary>
internal sealed class SlixmppPerson : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly Queue<string> _history = new();

    private SlixmppPerson(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync(Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>On the server that the sample brings, with an account that is made by that.</summary>
    public static Task<SlixmppPerson> EnterAsync(ChatSite site, string name)
    {
        var (host, port) = site.XmppServer;
        return EnterAsync(host, port, $"{name}@localhost", "secret", "lobby@conference.localhost", "0", "register");
    }

    /// <summary>On a real server, with a new account.</summary>
    /// <param name="history">How many earlier messages are heard, too.</param>
    public static async Task<SlixmppPerson> EnterAsync(XmppServer server, Jid room, string name, int history = 0)
    {
        await server.AddUserAsync(name, "secret", Token);
        return await EnterAsync(server.Host, $"{server.Port}", $"{name}@{server.Domain}", "secret", $"{room}", $"{history}");
    }

    private static async Task<SlixmppPerson> EnterAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Installed.DemandSlixmpp(), [Path.Combine(AppContext.BaseDirectory, "room.py"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        var person = new SlixmppPerson(Process.Start(start)!);
        try
        {
            while (await person.ReadAsync() is var line && line != "in")
            {
                person._history.Enqueue(line);
            }

            return person;
        }
        catch
        {
            await person.DisposeAsync();
            throw;
        }
    }

    public async Task SayAsync(string body)
    {
        await _process.StandardInput.WriteAsync($"{body}\n".AsMemory(), Token);
        await _process.StandardInput.FlushAsync(Token);
    }

    /// <summary>The next message of somebody else.</summary>
    public async Task<(string Nick, string Body)> HearAsync()
    {
        var said = JsonSerializer.Deserialize<string[]>(_history.TryDequeue(out var earlier) ? earlier : await ReadAsync())!;
        return (said[0], said[1]);
    }

    /// <summary>What others say until that is said.</summary>
    public async Task<(string Nick, string Body)[]> HearUntilAsync(string last)
    {
        List<(string Nick, string Body)> heard = [];
        do
        {
            heard.Add(await HearAsync());
        }
        while (heard[^1].Body != last);
        return [.. heard];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<string> ReadAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(Hang.Limit, Token) is { } line)
        {
            return line;
        }

        Assert.Fail($"slixmpp ended:\n{await _error}");
        return "";
    }
}
