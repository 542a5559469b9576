using System.Diagnostics;
using System.Runtime.InteropServices;
using XmppChatClient;

namespace Benchmarks;

/// <summary>Many sessions in one process, each with all standard modules, mostly idle; what they are sent is echoed.</summary>
internal static class ManySessions
{
    // Logins at once: the server's own limit, and its backlog, should not be what is measured.
    private const int LoginsAtOnce = 32;

    public static async Task<int> RunAsync(int count, Action<XmppClientOptions> configure)
    {
        var stop = new TaskCompletionSource();
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.TrySetResult();
        });

        var clients = new XmppClient[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = LoginsAtOnce }, async (i, cancel) =>
        {
            var options = new XmppClientOptions();
            configure(options);
            options.Jid = options.Jid!.WithResource($"session{i}");
            options.AddStandardModules();
            clients[i] = new XmppClient(options);
            await clients[i].ConnectAsync(cancel);
            _ = EchoAsync(clients[i]);
        });

        // What the logins left behind is not what a session costs.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        await Console.Error.WriteLineAsync(
            $"{count} sessions: {GC.GetTotalMemory(forceFullCollection: false) / count} bytes of managed memory each, "
            + $"{Environment.WorkingSet / 1024} kB resident, {Process.GetCurrentProcess().Threads.Count} threads");
        Console.WriteLine("READY");
        await stop.Task;
        await Parallel.ForEachAsync(clients, async (client, _) => await client.DisposeAsync());
        return 0;
    }

    private static async Task EchoAsync(XmppClient client)
    {
        await foreach (var message in client.ReadMessagesAsync())
        {
            if (message is { Type: MessageType.Chat or MessageType.Normal, Body: { } body })
            {
                await client.ReplyAsync(message, body);
            }
        }
    }
}
