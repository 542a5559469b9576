using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Ping;
using XmppChatClient.Streams;

namespace XmppChatClient.Interop.Tests;

public sealed class ComponentOnEjabberdTests(SharedServers servers) : ComponentTests(servers, ServerKind.Ejabberd)
{
    private protected override StreamErrorCondition Unknown => StreamErrorCondition.NotAuthorized;

    private protected override string WithoutSender => "improper-addressing";

    [Fact]
    public async Task TLS_from_the_first_byte_is_spoken()
    {
        var server = await ServerAsync();
        var options = await ComponentAsync();
        (options.Tls, options.Port, options.TrustedRoots) = (TlsMode.Direct, server.DirectTlsComponentPort, server.TrustedRoots);
        await using var client = new XmppClient(options.AddStandardModules());
        await client.ConnectAsync(Token);
        await client.Get<PingModule>().PingAsync(client.Jid, cancellationToken: Token);

        options.TrustedRoots = null;
        options.Modules.Clear();
        await using var distrustful = new XmppClient(options);
        await Assert.ThrowsAsync<XmppSecurityException>(() => distrustful.ConnectAsync(Token));
    }

    // ejabberd shares out among them what comes.
    [Fact]
    public async Task Second_component_is_let_in_beside_the_first()
    {
        await using var first = await StartAsync();
        await using var second = new XmppClient(await ComponentAsync());
        await second.ConnectAsync(Token);
    }
}
