using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

[Collection(AloneCollection.Name)]
public sealed class NativeEchoBotTests(SharedServers servers, NativeEchoBot native) : IClassFixture<NativeEchoBot>
{
    private const int Starts = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Nothing_but_the_settings_of_Serilog_is_unsafe_to_compile_ahead_of_time() => Assert.All(
        native.Output.Split('\n').Where(line => line.Contains("warning IL", StringComparison.Ordinal)),
        line => Assert.Matches(@"Serilog\.Settings\.Configuration|Microsoft\.Extensions\.DependencyModel\.", line));

    [Fact]
    public async Task Native_bot_echoes_logs_as_its_settings_say_and_leaves_in_good_order()
    {
        var server = await servers.GetAsync(ServerKind.Prosody);
        var user = await EchoBotTests.NewUserAsync(server);
        await using var bot = BotProcess.StartNative(native.Program, EchoBotTests.Arguments(server, user, EchoBotTests.Password));
        await AssertEchoAsync(server, user, bot);

        await bot.SignalAsync("TERM", Token);
        Assert.Equal(0, await bot.WaitForExitAsync(Token));
        Assert.Matches(@"^\d\d:\d\d:\d\d INF ", bot.Output);
        Assert.DoesNotContain("<message", bot.Output, StringComparison.Ordinal);
        Assert.Contains("<body>hällo</body>", bot.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(EchoBotTests.Password, bot.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Native_bot_holds_less_memory_than_the_same_bot_compiled_as_it_runs()
    {
        var server = await servers.GetAsync(ServerKind.Prosody);
        var user = await EchoBotTests.NewUserAsync(server);
        var arguments = EchoBotTests.Arguments(server, user, EchoBotTests.Password);
        var ahead = await MeasureAsync(() => BotProcess.StartNative(native.Program, arguments));
        var running = await MeasureAsync(() => new BotProcess(arguments));

        // For docs/PERFORMANCE.md, which says how to see it.
        var assemblies = Directory.EnumerateFiles(Path.GetDirectoryName(BotProcess.PathOf("EchoBot"))!, "*.dll");
        Report("native", new FileInfo(native.Program).Length, ahead);
        Report("JIT", assemblies.Sum(file => new FileInfo(file).Length), running);
        Assert.InRange(ahead.ResidentBytes, 1, running.ResidentBytes);

        async Task<Figures> MeasureAsync(Func<BotProcess> start)
        {
            var starts = new List<Figures>();
            for (var i = 0; i < Starts; i++)
            {
                await using var bot = start();
                await AssertEchoAsync(server, user, bot);
                starts.Add(new Figures(bot.ResidentBytes, bot.StartToOnline, bot.ProcessorTime));
            }

            return new Figures(Median(starts, f => f.ResidentBytes), Median(starts, f => f.StartToOnline), Median(starts, f => f.ProcessorTime));
        }

        static T Median<T>(List<Figures> starts, Func<Figures, T> figure) => starts.Select(figure).Order().ElementAt(Starts / 2);

        static void Report(string build, long size, Figures of) =>
            TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"""
                {build}: {size / 1e6:F1} MB; medians of {Starts} starts: {of.ResidentBytes / 1e6:F0} MB resident,
                online after {of.StartToOnline.TotalMilliseconds:F0} ms, {of.ProcessorTime.TotalMilliseconds:F0} ms of CPU until the first echo
                """));
    }

    private static async Task AssertEchoAsync(XmppServer server, string user, BotProcess bot)
    {
        await bot.WaitUntilOnlineAsync(Token);
        await using var client = await Accounts.LoginNewAsync(server, "romeo", Token);
        await client.SendAsync(Jid.Parse($"{user}@{server.Domain}"), "hällo", Token);
        await client.NextAsync<MessageReceived>(e => e.Message is { Body: "hällo", From.Local: var from } && from == user, Token);
    }

    private sealed record Figures(long ResidentBytes, TimeSpan StartToOnline, TimeSpan ProcessorTime);
}
