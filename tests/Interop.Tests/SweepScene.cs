using System.Globalization;
using System.Net;
using XmppChatClient.Archive;
using XmppChatClient.CatchUp;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.NothingLost;
using XmppChatClient.NothingLost.Proxy;

namespace XmppChatClient.Interop.Tests;

/// <summary>A client that reaches a real server through a proxy, and one that reaches it directly.</summary>
internal sealed class SweepScene : IAsyncDisposable
{
    private readonly XmppServer _server;

    private SweepScene(XmppServer server, FaultProxy proxy, Conversation conversation)
    {
        _server = server;
        Proxy = proxy;
        Conversation = conversation;
    }

    public FaultProxy Proxy { get; }

    public Conversation Conversation { get; }

    /// <summary>Both are online, with accounts of their own.</summary>
    /// <param name="configure">What is different for the client behind the proxy.</param>
    public static async Task<SweepScene> StartAsync(
        XmppServer server, CancellationToken cancellationToken, Action<XmppClientOptions>? configure = null)
    {
        var proxy = FaultProxy.Start(new IPEndPoint(IPAddress.Parse(server.Host), server.Port));

        // Its link is never cut, but its session may end with the server: then it fetches what it missed.
        var peerOptions = await OptionsAsync(server, "peer", cancellationToken);
        peerOptions.Ensure<CatchUpModule>();
        var peer = await Party.ConnectAsync(peerOptions, cancellationToken);
        var options = await OptionsAsync(server, "subject", cancellationToken);
        options.Port = proxy.EndPoint.Port;
        configure?.Invoke(options);
        var subject = await Party.ConnectAsync(options, cancellationToken);
        return new SweepScene(server, proxy, new Conversation(subject, peer));
    }

    /// <summary>The numbers that one has sent to the other, as an archive has them.</summary>
    /// <param name="owner">Whose archive. To be asked at the end: who asks an archive is delivered nothing any more that is in it.
    /// </param>
    public async Task<HashSet<int>> ArchivedAsync(Party owner, Party from, CancellationToken cancellationToken)
    {
        var options = Accounts.Options(_server, owner.Address.Local!);
        options.Presence = null;
        await using var client = new XmppClient(options);
        await client.ConnectAsync(cancellationToken);
        var numbers = new HashSet<int>();
        await foreach (var (_, message, _) in client.Get<ArchiveModule>().ReadAsync(
            new ArchiveQuery { PageSize = 500 }, cancellationToken))
        {
            if (message.From?.Bare == from.Address)
            {
                numbers.Add(int.Parse(message.Body!, CultureInfo.InvariantCulture));
            }
        }

        return numbers;
    }

    public async ValueTask DisposeAsync()
    {
        await Conversation.Subject.DisposeAsync();
        await Conversation.Peer.DisposeAsync();
        await Proxy.DisposeAsync();
    }

    private static async Task<XmppClientOptions> OptionsAsync(XmppServer server, string prefix, CancellationToken cancellationToken)
    {
        var user = $"{prefix}-{Guid.NewGuid():N}"[..20];
        await server.AddUserAsync(user, server.Password, cancellationToken);
        var options = Accounts.Options(server, user);

        // A session that lives on without its client gives way to the next one.
        options.Jid = options.Jid!.WithResource("sweep");
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        options.Reconnect.LongestDelay = TimeSpan.FromMilliseconds(50);
        options.StreamManagement.RequestAfter = TimeSpan.FromMilliseconds(10);
        return options;
    }
}
