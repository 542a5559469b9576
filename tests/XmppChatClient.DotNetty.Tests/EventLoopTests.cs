using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.DependencyInjection;
using XmppChatClient.Channels;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.DotNetty.Tests;

public sealed class EventLoopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disposal_cuts_every_connection_and_refuses_new_ones()
    {
        var loops = new DotNettyEventLoops(2);
        await using var first = await Loopback.ConnectAsync(loops, Token);
        await using var second = await Loopback.ConnectAsync(loops, Token);
        var reading = first.Stream.ReadAsync(new byte[1], Token).AsTask();
        await loops.DisposeAsync();
        await AssertCutAsync(reading);
        await AssertCutAsync(second.Stream.WriteAsync(new byte[1], Token).AsTask());
        Assert.Equal(0, await first.Peer.ReceiveAsync(new byte[1], Token));
        await Assert.ThrowsAsync<SocketException>(() => Loopback.ConnectAsync(loops, Token));
        await loops.DisposeAsync();
    }

    [Fact]
    public async Task Loops_of_somebody_else_are_left_running()
    {
        var group = StartGroup();
        await using (var loops = new DotNettyEventLoops(group))
        {
            await using var connection = await Loopback.ConnectAsync(loops, Token);
        }

        Assert.False(group.IsShuttingDown);
        await group.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Loops_that_somebody_else_ends_leave_nobody_waiting()
    {
        var group = StartGroup();
        await using var loops = new DotNettyEventLoops(group);
        await using var connection = await Loopback.ConnectAsync(loops, Token);
        var reading = connection.Stream.ReadAsync(new byte[1], Token).AsTask();
        var writing = connection.Stream.WriteAsync(new byte[32_000_000], Token).AsTask();
        await group.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await AssertCutAsync(reading);
        await AssertCutAsync(writing);
        await Assert.ThrowsAsync<SocketException>(() => Loopback.ConnectAsync(loops, Token));
    }

    [Fact]
    public async Task Private_loop_runs_while_there_is_a_connection()
    {
        var dialer = Assert.IsType<PrivateEventLoop>(new XmppClientOptions().UseDotNetty().Dialer);
        for (var time = 0; time < 2; time++)
        {
            var first = await Loopback.ConnectAsync(dialer, Token);
            var second = await Loopback.ConnectAsync(dialer, Token);
            await first.DisposeAsync();
            Assert.False(dialer.Stopped.IsCompleted);
            await second.DisposeAsync();
            await dialer.Stopped.WaitAsync(Hang.Limit, Token);
        }
    }

    [Fact]
    public async Task Private_loop_ends_with_a_dial_that_failed()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var dialer = new PrivateEventLoop();
        await Assert.ThrowsAsync<SocketException>(
            async () => await dialer.DialAsync((IPEndPoint)unused.LocalEndPoint!, Token));
        Assert.True(dialer.Stopped.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Container_ends_the_loops_that_it_gave_out()
    {
        var services = new ServiceCollection();
        services.AddDotNettyEventLoops(1);
        var provider = services.BuildServiceProvider();
        var dialer = provider.GetRequiredService<IStreamDialer>();
        Assert.Same(provider.GetRequiredService<DotNettyEventLoops>(), dialer);
        await using var connection = await Loopback.ConnectAsync(dialer, Token);
        provider.Dispose();
        await Assert.ThrowsAsync<SocketException>(() => Loopback.ConnectAsync(dialer, Token));
    }

    [Fact]
    public async Task Loop_ends_although_something_is_queued_when_it_looks_for_the_last_time()
    {
        var loop = new DisturbedLoop();
        await loop.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(5)).WaitAsync(Hang.Limit, Token);
        Assert.True(loop.HasQueued);
    }

    [Fact]
    public void Number_of_loops_is_at_least_one() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DotNettyEventLoops(0));

    /// <summary>Of loops that end when told to; DotNetty's own do not always (<see cref="EventLoop"/>).</summary>
    private static MultithreadEventLoopGroup StartGroup() => new(group => new EventLoop(group), 1);

    private static async Task AssertCutAsync(Task operation)
    {
        var error = await Assert.ThrowsAsync<IOException>(() => operation.WaitAsync(Hang.Limit, Token));
        Assert.IsType<SocketException>(error.InnerException);
    }

    /// <summary>Queues a task for itself where only somebody else could.</summary>
    private sealed class DisturbedLoop() : EventLoop(null)
    {
        public bool HasQueued { get; private set; }

        public override bool IsShuttingDown
        {
            get
            {
                if (base.IsShuttingDown && !HasQueued
                    && Environment.StackTrace.Contains("CleanupAndTerminate", StringComparison.Ordinal))
                {
                    HasQueued = true;
                    Execute(() => { });
                }

                return base.IsShuttingDown;
            }
        }
    }
}
