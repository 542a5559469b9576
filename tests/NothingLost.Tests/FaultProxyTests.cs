using System.Net.Sockets;
using System.Security.Cryptography;
using XmppChatClient.Core.Tests;
using XmppChatClient.NothingLost.Proxy;
using XmppChatClient.TestSupport;

namespace XmppChatClient.NothingLost.Tests;

public sealed class FaultProxyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_pass_as_they_are_and_are_counted(bool toServer)
    {
        await using var wire = Wire.Create();
        var (from, to, direction) = await ConnectAsync(wire, toServer);
        var sent = RandomNumberGenerator.GetHexString(1_000_000);
        var sending = from.SendAsync(sent);
        Assert.Equal(sent, await to.ReadAsync(sent.Length));
        await sending;
        await direction.Passed.ReachedAsync(sent.Length, Token).Soon();
        Assert.Equal(sent.Length, direction.Passed.Count);
        Assert.Equal(sent.Length, direction.Lengths.Sum());
        Assert.Equal(0, Other(wire, direction).Passed.Count);
        Assert.Equal(1, wire.Proxy.Connections.Count);
    }

    [Theory]
    [InlineData(false, CutKind.Finish, "345678")]
    [InlineData(false, CutKind.Reset, "345678!")]
    [InlineData(true, CutKind.Finish, "345678")]
    [InlineData(true, CutKind.Reset, "345678!")]
    public async Task Cut_lets_pass_as_many_bytes_from_its_mark_as_it_says(bool toServer, CutKind kind, string received)
    {
        await using var wire = Wire.Create();
        var (from, to, direction) = await ConnectAsync(wire, toServer);
        await from.SendAsync("012");
        Assert.Equal("012", await to.ReadAsync(3));
        await direction.Passed.ReachedAsync(3, Token).Soon();

        var cut = direction.CutAfter(6, kind);
        await from.SendAsync("3456");
        await from.SendAsync("789");
        await cut.Made.Soon();
        Assert.Equal(received, await to.ReadToEndAsync());
        Assert.Equal(kind == CutKind.Reset ? "!" : "", await from.ReadToEndAsync());
        Assert.Equal(9, direction.Passed.Count);
        Assert.Equal(1, wire.Proxy.Cuts.Count);
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(2, "01")]
    public async Task Cut_of_a_later_connection_counts_from_its_start(int bytes, string received)
    {
        await using var wire = Wire.Create();
        using var cut = wire.Proxy.ToServer.CutConnectionAfter(2, bytes, CutKind.Finish);
        var first = await wire.ConnectAsync();
        await first.Client.SendAsync("012");
        Assert.Equal("012", await first.Server.ReadAsync(3));
        var second = await wire.ConnectAsync();
        await second.Client.SendAsync("012");
        Assert.Equal(received, await second.Server.ReadToEndAsync());
        await first.Client.SendAsync("345");
        Assert.Equal("345", await first.Server.ReadAsync(3));
    }

    [Fact]
    public async Task Cut_that_is_withdrawn_is_not_made()
    {
        await using var wire = Wire.Create();
        var (client, server) = await wire.ConnectAsync();
        wire.Proxy.ToServer.CutAfter(2).Dispose();
        await client.SendAsync("012");
        Assert.Equal("012", await server.ReadAsync(3));
    }

    [Fact]
    public async Task Connections_that_swallow_pass_nothing_and_do_not_end_and_later_ones_are_well()
    {
        await using var wire = Wire.Create();
        var dead = await wire.ConnectAsync();
        wire.Proxy.Swallow();
        await dead.Client.SendAsync("lost");
        await wire.Proxy.ToServer.Swallowed.ReachedAsync(4, Token).Soon();
        dead.Client.Reset();

        var alive = await wire.ConnectAsync();
        await alive.Client.SendAsync("found");
        Assert.Equal("found", await alive.Server.ReadAsync(5));

        // Only now does the server hear of an end, and of no byte.
        var hearing = dead.Server.ReadToEndAsync();
        Assert.False(hearing.IsCompleted);
        wire.Proxy.Cut(CutKind.Finish);
        Assert.Equal("", await hearing);
        await wire.Proxy.ToServer.Passed.ReachedAsync(5, Token).Soon();
        Assert.Equal(5, wire.Proxy.ToServer.Passed.Count);
    }

    [Fact]
    public async Task One_way_can_be_swallowed_alone()
    {
        await using var wire = Wire.Create();
        var (client, server) = await wire.ConnectAsync();
        wire.Proxy.ToServer.Swallow();
        await client.SendAsync("lost");
        await wire.Proxy.ToServer.Swallowed.ReachedAsync(4, Token).Soon();
        await server.SendAsync("found");
        Assert.Equal("found", await client.ReadAsync(5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Paused_way_holds_up_all_and_loses_nothing(bool toServer)
    {
        await using var wire = Wire.Create();
        var (from, to, direction) = await ConnectAsync(wire, toServer);
        direction.Pause();

        // More than TCP takes when nobody reads.
        var sent = RandomNumberGenerator.GetHexString(30_000_000);
        var sending = from.SendAsync(sent);
        await to.SendAsync("other way");
        Assert.Equal("other way", await from.ReadAsync(9));
        Assert.False(sending.IsCompleted);
        Assert.Equal(0, direction.Passed.Count);

        direction.Resume();
        Assert.Equal(sent, await to.ReadAsync(sent.Length));
        await sending;
    }

    [Fact]
    public async Task Paused_way_is_cut_at_once()
    {
        await using var wire = Wire.Create();
        var (client, server) = await wire.ConnectAsync();
        wire.Proxy.ToServer.Pause();
        await client.SendAsync("never");
        wire.Proxy.Cut(CutKind.Finish);
        Assert.Equal("", await server.ReadToEndAsync());
        Assert.Equal("", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Delayed_bytes_come_when_it_is_time()
    {
        var clock = new ManualClock();
        await using var wire = Wire.Create(clock);
        var (client, server) = await wire.ConnectAsync();
        wire.Proxy.ToServer.Delay = TimeSpan.FromSeconds(5);
        await client.SendAsync("late");
        await clock.TimerSetAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(0, wire.Proxy.ToServer.Passed.Count);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("late", await server.ReadAsync(4));
    }

    [Fact]
    public async Task New_connections_are_refused_until_they_are_accepted_again_at_the_same_address()
    {
        await using var wire = Wire.Create();
        var (client, server) = await wire.ConnectAsync();
        wire.Proxy.Refuse();
        var refusal = await Assert.ThrowsAsync<SocketException>(wire.ConnectAsync);
        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
        await client.SendAsync("still here");
        Assert.Equal("still here", await server.ReadAsync(10));

        wire.Proxy.Accept();
        await wire.ConnectAsync();
        Assert.Equal(2, wire.Proxy.Connections.Count);
    }

    [Fact]
    public async Task Client_of_a_server_that_is_not_there_is_cut_off()
    {
        await using var wire = Wire.Create();
        wire.StopServer();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var cutOff = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await client.ConnectAsync(wire.Proxy.EndPoint, Token);
            await client.ReceiveAsync(new byte[1], Token).AsTask().Soon();
        });
        Assert.Equal(SocketError.ConnectionReset, cutOff.SocketErrorCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_passes_as_what_it_is(bool reset)
    {
        await using var wire = Wire.Create();
        var (client, server) = await wire.ConnectAsync();
        if (reset)
        {
            client.Reset();
            Assert.Equal("!", await server.ReadToEndAsync());
            return;
        }

        client.Finish();
        Assert.Equal("", await server.ReadToEndAsync());
        await server.SendAsync("goodbye");
        server.Finish();
        Assert.Equal("goodbye", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Disposal_ends_all_connections()
    {
        await using var wire = Wire.Create();
        var (client, server) = await wire.ConnectAsync();
        var half = await wire.ConnectAsync();
        wire.Proxy.ToClient.Swallow();
        half.Client.Finish();
        await wire.Proxy.DisposeAsync();
        Assert.Equal("!", await client.ReadToEndAsync());
        Assert.Equal("!", await server.ReadToEndAsync());
        await Assert.ThrowsAsync<SocketException>(wire.ConnectAsync);
    }

    private static async Task<(WireEnd From, WireEnd To, ProxyDirection Direction)> ConnectAsync(Wire wire, bool toServer)
    {
        var (client, server) = await wire.ConnectAsync();
        return toServer ? (client, server, wire.Proxy.ToServer) : (server, client, wire.Proxy.ToClient);
    }

    private static ProxyDirection Other(Wire wire, ProxyDirection direction) =>
        direction == wire.Proxy.ToServer ? wire.Proxy.ToClient : wire.Proxy.ToServer;
}
