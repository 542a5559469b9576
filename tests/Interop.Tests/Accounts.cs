using System.Net;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Ping;

namespace XmppChatClient.Interop.Tests;

/// <summary>Clients of a real server, with accounts that no other test uses.</summary>
internal static class Accounts
{
    /// <summary>Options to log in to that server as that account.</summary>
    public static XmppClientOptions Options(XmppServer server, string user, TlsMode tls = TlsMode.Required)
    {
        var options = new XmppClientOptions
        {
            Jid = Jid.Parse($"{user}@{server.Domain}"),
            Password = server.Password,
            Host = server.Host,
            Port = tls == TlsMode.Direct ? server.DirectTlsPort : server.Port,
            Tls = tls,
            TrustedRoots = server.TrustedRoots,
            Proxy = new WebProxy(),
        };

        // For tests that would otherwise hang: none is about a server that is slow.
        options.Timeouts.Connect = options.Timeouts.Handshake = options.Timeouts.Request = Hang.Limit;
        return options.AddStandardModules();
    }

    /// <summary>A new account that is online, and its presence taken by the server. Before that ejabberd would keep for it what is
    /// written to its bare address, and perhaps hand out what it kept a moment earlier.</summary>
    public static async Task<XmppClient> LoginNewAsync(
        XmppServer server, string prefix, CancellationToken cancellationToken, Action<XmppClientOptions>? configure = null)
    {
        var user = $"{prefix}-{Guid.NewGuid():N}"[..20];
        await server.AddUserAsync(user, server.Password, cancellationToken);
        var options = Options(server, user);
        configure?.Invoke(options);
        var client = new XmppClient(options);
        await client.ConnectAsync(cancellationToken);
        await client.Get<PingModule>().PingAsync(cancellationToken: cancellationToken);
        return client;
    }

    /// <summary>The next event of a kind that fits; others before it are passed over.</summary>
    public static async Task<TEvent> NextAsync<TEvent>(
        this XmppClient client, Func<TEvent, bool> fits, CancellationToken cancellationToken)
        where TEvent : XmppEvent
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Hang.Limit);
        var seen = new List<XmppEvent>();
        try
        {
            await foreach (var next in client.ReadEventsAsync(limit.Token))
            {
                if (next is TEvent wanted && fits(wanted))
                {
                    return wanted;
                }

                seen.Add(next);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }

        throw new Xunit.Sdk.XunitException($"No such {typeof(TEvent).Name} came; what came:\n{string.Join('\n', seen)}");
    }
}
