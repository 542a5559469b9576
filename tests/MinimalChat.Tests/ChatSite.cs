using System.Text.RegularExpressions;
using XmppChatClient.Interop.Tests.Servers;
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
    public static Task<ChatSite> StartAsync(params string[] settings) => StartAsync(folder: null, settings, isRoomOpen: true);

    /// <summary>On a server of the test, which listens: as <c>web</c> in the room <c>lobby</c>.</summary>
    /// <param name="isRoomOpen">Whether the room lets it in.</param>
    public static async Task<ChatSite> StartAsync(XmppTestServer server, bool isRoomOpen = true, params string[] settings)
    {
        var account = server.AddAccount("chat");
        var folder = Directory.CreateTempSubdirectory("root-");
        var roots = Path.Combine(folder.FullName, "root.pem");
        await File.WriteAllTextAsync(roots, server.TrustedRoot.ExportCertificatePem(), TestContext.Current.CancellationToken);
        return await StartAsync(
            folder,
            [.. Settings(account.Jid, account.Password, $"{server.EndPoint!.Address}", server.EndPoint.Port, roots), .. settings],
            isRoomOpen);
    }

    /// <summary>On a real server, with an account of its own: as <c>web</c> in that room.</summary>
    public static async Task<ChatSite> StartAsync(XmppServer server, Jid room)
    {
        var name = $"chat-{Guid.NewGuid():N}"[..16];
        await server.AddUserAsync(name, "secret", TestContext.Current.CancellationToken);
        var jid = Jid.Parse($"{name}@{server.Domain}");
        return await StartAsync(
            folder: null,
            [.. Settings(jid, "secret", server.Host, server.Port, server.TrustedRoots), $"--Chat:Room={room}"],
            isRoomOpen: true);
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

    private static string[] Settings(Jid jid, string password, string host, int port, string roots) =>
    [
        $"--Xmpp:Jid={jid}",
        $"--Xmpp:Password={password}",
        $"--Xmpp:Host={host}",
        $"--Xmpp:Port={port}",
        "--Xmpp:Proxy=none",
        $"--Xmpp:TrustedRoots={roots}",
        "--Xmpp:Reconnect:FirstDelay=00:00:00.05",
        "--Xmpp:Reconnect:LongestDelay=00:00:00.5",
    ];

    // Its room is open on both sides then, unless it is closed to it.
    private static async Task<ChatSite> StartAsync(DirectoryInfo? folder, string[] settings, bool isRoomOpen)
    {
        var site = new ChatSite(SampleProcess.Start("MinimalChat", ["--urls", "http://127.0.0.1:0", .. settings]), folder);
        try
        {
            await site.LoggedAsync("Application started");
            await site.LoggedAsync(isRoomOpen ? " as web" : "does not let us in");
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
