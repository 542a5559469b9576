using System.Diagnostics;
using System.Globalization;
using XmppChatClient.Testing;

namespace Benchmarks;

/// <summary>How many sessions one test server holds: logs users in, in memory, has each send one message to the next, and says
/// what it took. Both ends of each session are in this process.</summary>
internal static class ServerMode
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        var sessions = arguments is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 10_000;
        var options = new XmppTestServerOptions { TranscriptLength = 0, WaitTimeout = TimeSpan.FromMinutes(1) };
        await using var server = await XmppTestServer.StartAsync(options);
        await using var warm = await server.LoginAsync("warm");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var clock = Stopwatch.StartNew();
        var users = new TestUser[sessions];
        for (var i = 0; i < sessions; i++)
        {
            users[i] = await server.LoginAsync($"user{i}/1");
        }

        var loggedIn = clock.Elapsed;
        var memory = (GC.GetTotalMemory(forceFullCollection: true) - before) / sessions;
        clock.Restart();
        for (var i = 0; i < sessions; i++)
        {
            await users[i].SendAsync(users[(i + 1) % sessions].Jid, "hello");
        }

        foreach (var user in users)
        {
            await user.ReceiveAsync();
        }

        var messages = clock.Elapsed;
        var after = (GC.GetTotalMemory(forceFullCollection: true) - before) / sessions;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{sessions} sessions: logins {loggedIn.TotalSeconds:0.0} s, messages {messages.TotalSeconds:0.0} s, "
            + $"{memory:N0} bytes a session after login, {after:N0} after a message"));
        clock.Restart();
        await Task.WhenAll(users.Select(u => u.DisposeAsync().AsTask()));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"closed in {clock.Elapsed.TotalSeconds:0.0} s"));
        return 0;
    }
}
