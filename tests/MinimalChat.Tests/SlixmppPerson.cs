using System.Diagnostics;
using System.Text;
using System.Text.Json;
using XmppChatClient.Interop.Tests.Servers;

namespace MinimalChat.Tests;

/// <summary>Somebody in the room on XMPP, by slixmpp, on the server that the sample brings.</summary>
internal sealed class SlixmppPerson : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _error;

    private SlixmppPerson(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync(Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SlixmppPerson> EnterAsync(ChatSite site, string name)
    {
        var (host, port) = site.XmppServer;
        var start = new ProcessStartInfo(
            Installed.DemandSlixmpp(),
            [Path.Combine(AppContext.BaseDirectory, "room.py"), host, port, $"{name}@localhost", "secret", "lobby@conference.localhost"])
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
            Assert.Equal("in", await person.ReadAsync());
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
        var said = JsonSerializer.Deserialize<string[]>(await ReadAsync())!;
        return (said[0], said[1]);
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
