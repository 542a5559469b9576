using System.Text;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Tests;

/// <summary>Logged in and available, and reads nothing of what it is sent.</summary>
internal sealed class DeafClient(XmppTestServer server, TestAccount account) : IAsyncDisposable
{
    private readonly Stream _stream = server.Engine.Connect(ConnectionKind.LoggedIn, server.Engine.Accounts.Find(account.Jid));

    public async Task OpenAsync()
    {
        await using var watcher = await server.LoginAsync(account.Jid.Local! + "/watcher", TestContext.Current.CancellationToken);
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(
            RawClient.Header
            + "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>ear</resource></bind></iq><presence/>"));
        Assert.Equal(account.Jid.WithResource("ear"), (await watcher.ReceivePresenceAsync(TestContext.Current.CancellationToken)).From);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
