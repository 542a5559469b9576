using System.Text.RegularExpressions;
using XmppChatClient.Samples.Tests;

namespace MinimalChat.Tests;

/// <summary>MinimalChat as its users run it, on any free port.</summary>
internal sealed partial class ChatSite : IAsyncDisposable
{
    private readonly SampleProcess _process;

    private readonly DirectoryInfo? _folder;

    private ChatSite(SampleProcess process, DirectoryInfo? folder) => (_process, _folder) = (process, folder);

    /// <summary>Such as <c>http://127.0.0.1:40123</c>.</summary>
    public string Address => ListeningOn().Match(_process.Output).Groups[1].Value;

    /// <summary>Where its client is logged in.</summary>
    public (string Host, string Port) XmppServer => OnlineAt().Match(_process.Output) is { Success: true, Groups: var groups }
        ? (groups[1].Value, groups[2].Value) : throw new InvalidOperationException($"It is not online:\n{_process.Output}");

    /// <summary>What it has logged so far.</summary>
    public string Log => _process.Output;

    /// <summary>With the XMPP server that it brings.</summary>
    public static Task<ChatSite> StartAsync(params string[] settings) => StartAsync(folder: null, settings);

    /// <summary>On a server of the test, which listens: as <c>web</c> in the room <c>lobby</c>.</summary>
    public static async Task<ChatSite> StartAsync(XmppTestServer server, params string[] settings)
    {
        var account = server.AddAccount("chat");
        var folder = Directory.CreateTempSubdirectory("root-");
        var roots = Path.Combine(folder.FullName, "root.pem");
        await File.WriteAllTextAsync(roots, server.TrustedRoot.ExportCertificatePem(), TestContext.Current.CancellationToken);
        return await StartAsync(
            folder,
            [
                $"--Xmpp:Jid={account.Jid}",
                $"--Xmpp:Password={account.Password}",
                $"--Xmpp:Host={server.EndPoint!.Address}",
                $"--Xmpp:Port={server.EndPoint.Port}",
                $"--Xmpp:TrustedRoots={roots}",
                "--Xmpp:Reconnect:FirstDelay=00:00:00.05",
                .. settings,
            ]);
    }

    public Task<int> LoggedAsync(string text, int from = 0) => _process.WaitForAsync(text, from);

    /// <summary>Asks it to stop, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        await _process.SignalAsync("TERM");
        return (await _process.WaitForExitAsync()).ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder?.Delete(recursive: true);
    }

    // Its room is open on both sides then.
    private static async Task<ChatSite> StartAsync(DirectoryInfo? folder, string[] settings)
    {
        var site = new ChatSite(SampleProcess.Start("MinimalChat", ["--urls", "http://127.0.0.1:0", .. settings]), folder);
        try
        {
            await site.LoggedAsync("Application started");
            await site.LoggedAsync("Mirrored to XMPP");
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningOn();

    [GeneratedRegex(@"Online as \S+ \(([^:]+):(\d+),")]
    private static partial Regex OnlineAt();
}
