using System.Net;
using XmppChatClient.CatchUp;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.NothingLost;
using XmppChatClient.NothingLost.Kill;

namespace XmppChatClient.Interop.Tests;

/// <summary>A bot of a real server whose process is killed at any moment. NOTHING_LOST=all in the environment kills it 200 times for
/// each case.</summary>
public sealed class KillSweepTests(SharedServers servers, ITestOutputHelper output)
{
    private static readonly int Kills = Environment.GetEnvironmentVariable("NOTHING_LOST") == "all" ? 200 : 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ServerKind.Prosody, true)]
    [InlineData(ServerKind.Prosody, false)]
    [InlineData(ServerKind.Ejabberd, true)]
    [InlineData(ServerKind.Ejabberd, false)]
    public async Task Killed_process_loses_nothing_and_handles_nothing_twice(ServerKind kind, bool resume)
    {
        var server = await servers.GetAsync(kind);
        var folder = Directory.CreateTempSubdirectory("kill-");
        var peerOptions = await OptionsAsync(server, "peer");
        peerOptions.StreamManagement.RequestAfter = TimeSpan.FromMilliseconds(10);
        peerOptions.Ensure<CatchUpModule>();
        await using var peer = await Party.ConnectAsync(peerOptions, Token);
        var bot = await OptionsAsync(server, "bot");
        var settings = new MortalBotSettings(
            bot.Jid!.WithResource("kill"), bot.Password!, new IPEndPoint(IPAddress.Parse(server.Host), server.Port), bot.TrustedRoots!,
            Path.Combine(folder.FullName, "bot.db"), peer.Address, resume);
        var seed = Random.Shared.Next();
        var result = await new KillSweep(settings, peer).RunAsync(Kills, seed, Token);
        output.WriteLine($"{kind}, resume {resume}, seed {seed}: {result}");

        // ejabberd now and then delivers what waited for us behind what has just come.
        var judged = kind == ServerKind.Ejabberd ? result with { Disordered = [] } : result;
        Assert.True(judged.IsWhole, $"seed {seed}: {result}");
        folder.Delete(recursive: true);
    }

    private static async Task<XmppClientOptions> OptionsAsync(XmppServer server, string prefix)
    {
        var user = $"{prefix}-{Guid.NewGuid():N}"[..20];
        await server.AddUserAsync(user, server.Password, Token);
        return Accounts.Options(server, user);
    }
}
