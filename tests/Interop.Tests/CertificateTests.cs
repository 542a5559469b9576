using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public abstract class CertificateTests(SharedServers servers, Network network)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Stands before the class of that name, whose clients know sockets only.
    private NetworkAccounts Accounts { get; } = new(network);

    [Theory, EachServer]
    public async Task Untrusted_root_is_named(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        await AssertRefusedAsync(server, "nobody trusted here has signed", o => o.TrustedRoots = null);
    }

    [Theory]
    [InlineData(ServerKind.Prosody, ServerCertificate.Expired, "valid only from")]
    [InlineData(ServerKind.Prosody, ServerCertificate.WrongHost, "for another name")]
    [InlineData(ServerKind.Prosody, ServerCertificate.SelfSigned, "nobody trusted here has signed")]
    [InlineData(ServerKind.Ejabberd, ServerCertificate.Expired, "valid only from")]
    [InlineData(ServerKind.Ejabberd, ServerCertificate.WrongHost, "for another name")]
    [InlineData(ServerKind.Ejabberd, ServerCertificate.SelfSigned, "nobody trusted here has signed")]
    public async Task Bad_certificate_is_named(ServerKind kind, ServerCertificate certificate, string reason)
    {
        await using var server = await XmppServer.StartNewAsync(
            kind, new ServerSettings { Certificate = certificate }, Token);
        await AssertRefusedAsync(server, reason, _ => { });
    }

    private async Task AssertRefusedAsync(XmppServer server, string reason, Action<XmppClientOptions> configure)
    {
        foreach (var tls in new[] { TlsMode.Required, TlsMode.Direct })
        {
            var options = Accounts.Options(server, "alice", tls);
            configure(options);
            await using var client = new XmppClient(options);
            var refused = await Assert.ThrowsAsync<XmppSecurityException>(() => client.ConnectAsync(Token));
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
            Assert.False(refused.IsTransient);
        }
    }
}
