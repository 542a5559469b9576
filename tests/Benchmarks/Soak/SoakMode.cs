using System.Diagnostics;
using System.Net;
using Benchmarks.Load;
using XmppChatClient;
using XmppChatClient.NothingLost;
using XmppChatClient.NothingLost.Proxy;
using XmppChatClient.Ping;
using XmppChatClient.Testing;

namespace Benchmarks.Soak;

/// <summary>Keeps two clients writing to each other for long, over a bad network.</summary>
internal static class SoakMode
{
    // Accounts are settled this often, so that what is kept for them does not grow.
    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(10);

    // A link that is dead is noticed after seconds, and the proxy's faults are short.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static Task<int> RunAsync(string[] args) => DriverMode.RunAsync(args, SoakOptions.Usage, SoakOptions.Parse, SoakAsync);

    private static async Task SoakAsync(SoakOptions options, CancellationToken cancellationToken)
    {
        await using var server = options.Server is not null ? null : await XmppTestServer.StartAsync(
            new XmppTestServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), TranscriptLength = 0 }, cancellationToken);
        var address = options.Server ?? server!.EndPoint!;
        await using var proxy = FaultProxy.Start(address);
        await using var subject = await ConnectAsync(options, options.Subject, proxy.EndPoint, server, cancellationToken);
        await using var peer = await ConnectAsync(options, options.Peer, address, server, cancellationToken);
        var conversation = new Conversation(subject, peer);
        var faults = new RandomFaults(proxy, options.Seed);
        var report = new SoakReport();

        await RoundAsync(conversation, options, report, cancellationToken);
        var before = Resident();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < options.Duration)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var making = faults.RunAsync(stop.Token);
            await RoundAsync(conversation, options, report, cancellationToken);
            await stop.CancelAsync();
            await making;
            Console.WriteLine(
                $"{watch.Elapsed.TotalSeconds:0} s: {report}; {faults.Count} faults, {proxy.Connections.Count - 1} reconnects, "
                + $"{subject.Resumptions.Count} resumed, {subject.Sessions.Count - 1} sessions lost");
        }

        Console.WriteLine(
            $"seed {options.Seed}; resident at the start {before:0.0} MiB, at the end {Resident():0.0} MiB");
        if (!report.IsHonest)
        {
            throw new BotFailureException($"Not all is well: {report}");
        }
    }

    private static async Task<Party> ConnectAsync(
        SoakOptions soak, Jid jid, IPEndPoint address, XmppTestServer? server, CancellationToken cancellationToken)
    {
        var options = new XmppClientOptions();
        if (server is not null)
        {
            options.UseTestServer(server, server.AddAccount(jid.Local!, soak.Password));
        }

        options.Jid = jid.WithResource("soak");
        options.Password = soak.Password;
        options.Host = address.Address.ToString();
        options.Port = address.Port;
        options.TrustedRoots = soak.Roots;
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(50);
        options.Reconnect.LongestDelay = TimeSpan.FromSeconds(1);
        options.StreamManagement.AnswerTimeout = TimeSpan.FromSeconds(2);
        options.Ensure<PingModule>().Interval = TimeSpan.FromSeconds(2);
        options.Ensure<PingModule>().AnswerTimeout = TimeSpan.FromSeconds(2);
        return await Party.ConnectAsync(options, cancellationToken);
    }

    private static async Task RoundAsync(
        Conversation conversation, SoakOptions options, SoakReport report, CancellationToken cancellationToken)
    {
        var seconds = Math.Min(LongestRound.TotalSeconds, options.Duration.TotalSeconds);
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / options.Rate));
        for (var i = 0; i < seconds * options.Rate; i++)
        {
            await ticks.WaitForNextTickAsync(cancellationToken);
            await conversation.SendAsync(1, cancellationToken);
        }

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(Patience);
        try
        {
            await conversation.SettleAsync(isSafe: true, giveUp.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What has not come by now is lost, and the report says so.
        }

        report.Add(Account.Of(conversation.Subject, conversation.Peer));
        report.Add(Account.Of(conversation.Peer, conversation.Subject));
        conversation.Forget();
    }

    private static double Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet / 1048576.0;
    }
}
