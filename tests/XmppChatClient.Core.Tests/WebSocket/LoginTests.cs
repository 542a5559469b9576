using System.Text;
using System.Text.RegularExpressions;

namespace XmppChatClient.Core.Tests.WebSocket;

public sealed partial class LoginTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mechanism_that_binds_to_a_channel_is_not_chosen()
    {
        var auth = "";
        await using var end = WebEnd.Start(async visit =>
        {
            await visit.OpenAsync();
            await visit.SendAsync(WebVisit.Opening);
            await visit.SendAsync(
                "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>"
                + "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256-PLUS</mechanism>"
                + "<mechanism>SCRAM-SHA-256</mechanism></mechanisms>"
                + "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-server-end-point'/></sasl-channel-binding>"
                + "</stream:features>");
            auth = await visit.NextAsync();
            await visit.SendAsync(
                "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><account-disabled/></failure>");
            await visit.EndAsync();
        });
        await using var client = new XmppClient(end.Options(o => (o.Jid, o.Password) = (Jid.Parse("romeo@example.org"), "secret")));
        var error = await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token).Soon());
        Assert.Equal("account-disabled", error.Condition);
        var match = Form().Match(auth);
        Assert.Equal("SCRAM-SHA-256", match.Groups[1].Value);

        // RFC 5802 §6: we know no binding, so that a server that has one does not take it for a forged offer.
        Assert.StartsWith("n,,n=romeo,", Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[2].Value)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task STARTTLS_is_not_used_whoever_offers_it()
    {
        WebVisit? seen = null;
        await using (var end = WebEnd.Start(async visit =>
        {
            seen = visit;
            await visit.OpenAsync();
            await visit.SendAsync(WebVisit.Opening);
            await visit.SendAsync(
                "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>"
                + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>");
            await visit.EndAsync();
        }))
        {
            await using var client = new XmppClient(end.Options());
            await Assert.ThrowsAsync<XmppAuthenticationException>(() => client.ConnectAsync(Token).Soon());
        }

        Assert.DoesNotContain(seen!.Received, r => r.Contains("starttls", StringComparison.Ordinal));
    }

    [GeneratedRegex("mechanism='(.*?)'>(.*?)<")]
    private static partial Regex Form();
}
