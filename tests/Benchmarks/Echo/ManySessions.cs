using System.Runtime.InteropServices;
using XmppChatClient;

namespace Benchmarks.Echo;

/// <summary>Many sessions in one process, each with all standard modules, mostly idle; what they are sent is echoed.</summary>
internal static class ManySessions
{
    // Logins at once: the server's own limit, and its backlog, should not be what is measured.
    private const int LoginsAtOnce = 32;

    public static async Task<int> RunAsync(EchoOptions options)
    {
        var stop = new TaskCompletionSource();
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.TrySetResult();
        });

        await using var loops = options.DotNetty ? new DotNettyEventLoops() : null;
        var clients = new XmppClient[options.Sessions];
        await Parallel.ForAsync(0, clients.Length, new ParallelOptions { MaxDegreeOfParallelism = LoginsAtOnce }, async (i, cancel) =>
        {
            clients[i] = new XmppClient(OptionsOf(i, options, loops));
            await clients[i].ConnectAsync(cancel);
            _ = EchoAsync(clients[i]);
        });

        // What the logins left behind is not what a session costs.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (options.Report)
        {
            Console.WriteLine($"REPORT managed={GC.GetTotalMemory(forceFullCollection: false)}");
        }

        Console.WriteLine("READY");
        await stop.Task;
        await Parallel.ForEachAsync(clients, async (client, _) => await client.DisposeAsync());
        return 0;
    }

    private static XmppClientOptions OptionsOf(int session, EchoOptions echo, DotNettyEventLoops? loops)
    {
        var options = new XmppClientOptions();
        echo.ApplyTo(options);
        options.Jid = echo.Jid.WithResource($"session{session}");
        options.AddStandardModules();
        return loops is null ? options : options.UseDotNetty(loops);
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
