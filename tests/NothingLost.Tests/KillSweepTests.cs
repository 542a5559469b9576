using System.Net;
using XmppChatClient.NothingLost.Kill;
using XmppChatClient.Testing;

namespace XmppChatClient.NothingLost.Tests;

/// <summary>A bot whose process is killed at any moment. NOTHING_LOST=all in the environment kills it 200 times.</summary>
public sealed class KillSweepTests(ITestOutputHelper output)
{
    private static readonly int Kills = Environment.GetEnvironmentVariable("NOTHING_LOST") == "all" ? 200 : 15;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_process_loses_nothing_and_handles_nothing_twice(bool resume)
    {
        var folder = Directory.CreateTempSubdirectory("kill-");
        await using var server = await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, Token);
        var roots = Path.Combine(folder.FullName, "roots.pem");
        await File.WriteAllTextAsync(roots, server.TrustedRoot.ExportCertificatePem(), Token);
        var bot = server.AddAccount("bot");
        var options = new XmppClientOptions();
        options.StreamManagement.RequestAfter = TimeSpan.FromMilliseconds(10);
        await using var peer = await Party.ConnectAsync(options.UseTestServer(server, server.AddAccount("juliet")), Token);

        var settings = new MortalBotSettings(
            bot.Jid.WithResource("kill"), bot.Password, server.EndPoint!, roots, Path.Combine(folder.FullName, "bot.db"), peer.Address, resume);
        var seed = Random.Shared.Next();
        var result = await new KillSweep(settings, peer).RunAsync(Kills, seed, Token);
        output.WriteLine($"resume {resume}, seed {seed}: {result}");
        Assert.True(result.IsWhole, $"seed {seed}: {result}");
        folder.Delete(recursive: true);
    }
}
