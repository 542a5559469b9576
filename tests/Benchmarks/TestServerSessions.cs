using System.Diagnostics;
using System.Globalization;
using XmppChatClient.Testing;

namespace Benchmarks;

/// <summary>How many sessions one test server holds, and what one costs: <c>test-server [COUNT]</c>. Scripted users, all in
/// memory, so that what is measured is the server and the least of a client: both ends of the connection.</summary>
internal static class TestServerSessions
{
    private const int LoginsAtOnce = 32;

    public static async Task<int> RunAsync(string[] args)
    {
        var count = args is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 10_000;
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions
        {
            TranscriptLength = 0,
            WaitTimeout = TimeSpan.FromMinutes(5),
        });
        await using (await server.LoginAsync("warm-up"))
        {
        }

        var before = Memory();
        var users = new TestUser[count];
        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = LoginsAtOnce }, async (i, cancel) =>
            users[i] = await server.LoginAsync($"user{i}", cancel));
        var loggedIn = watch.Elapsed;
        var bytes = (Memory() - before) / count;

        // Everybody sends one message to a neighbour, and gets one.
        watch.Restart();
        await Parallel.ForAsync(0, count, async (i, cancel) => await users[i].SendAsync(users[(i + 1) % count].Jid, "hello", cancel));
        await Parallel.ForEachAsync(users, async (user, cancel) => await user.ReceiveAsync(cancel));
        Console.WriteLine(
            $"{count} sessions: {bytes} bytes of managed memory each, both ends; {Environment.WorkingSet >> 20} MiB resident; "
            + $"logins in {loggedIn.TotalSeconds:0.0} s, a message each in {watch.Elapsed.TotalSeconds:0.00} s");
        await Parallel.ForEachAsync(users, async (user, _) => await user.DisposeAsync());
        return 0;
    }

    private static long Memory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
