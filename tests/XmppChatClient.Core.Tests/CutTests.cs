using System.Net;
using XmppChatClient.TestSupport;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests;

/// <summary>Connections that the client itself cuts.</summary>
public sealed class CutTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Streams end a read that begins when they are disposed of already in ways of their own, TLS among them.
    [Fact]
    public async Task Read_that_finds_the_stream_disposed_is_the_end_of_the_connection_and_not_of_the_client()
    {
        await using var server = await XmppTestServer.StartAsync(new XmppTestServerOptions { RequireTls = false }, Token);
        var options = new XmppClientOptions { Tls = TlsMode.Disabled }.UseTestServer(server, server.AddAccount("bot"));
        options.Dialer = new DeafDialer(options.Dialer!);
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        await using var client = new XmppClient(options);
        await client.ConnectAsync(Token);
        await client.AbortAsync(new XmppConnectionException("The cable was cut."));
        var ended = await client.ReadEventsAsync(Token).OfType<SessionEnded>().FirstAsync(Token).AsTask().WaitAsync(Hang.Limit, Token);
        Assert.Equal("The cable was cut.", ended.Error?.Message);
        Assert.NotNull(ended.RetryIn);
    }

    /// <summary>Whose reads end by disposal only.</summary>
    private sealed class DeafDialer(IStreamDialer network) : IStreamDialer
    {
        public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) =>
            new Deaf(await network.DialAsync(address, cancellationToken));
    }

    private sealed class Deaf(Stream inner) : WrappedStream(inner)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer, CancellationToken.None);
    }
}
