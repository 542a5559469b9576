using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using XmppChatClient.Channels;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient;

/// <summary>DotNetty event loops that any number of clients share: <c>options.UseDotNetty(loops)</c>. Dispose them after the
/// clients; what is connected then is cut.</summary>
[RequiresUnreferencedCode(Problem)]
[RequiresDynamicCode(Problem)]
public sealed class DotNettyEventLoops : IStreamDialer, IAsyncDisposable, IDisposable
{
    internal const string Problem = "DotNetty fails at its first connection when trimmed or compiled ahead of time; use sockets, "
        + "the default, there.";

    private static readonly TimeSpan LongestShutdown = TimeSpan.FromSeconds(5);

    private readonly IEventLoopGroup _group;
    private readonly bool _owned;
    private readonly Lock _gate = new();
    private readonly HashSet<ChannelStream> _streams = [];
    private bool _closed;

    /// <summary>Starts as many event loops as there are processors.</summary>
    public DotNettyEventLoops()
        : this(Environment.ProcessorCount)
    {
    }

    /// <summary>Starts event loops.</summary>
    /// <param name="count">How many, each a thread. They move bytes only, so that one serves thousands of quiet clients.
    /// </param>
    public DotNettyEventLoops(int count)
        : this(Start(count), owned: true)
    {
    }

    /// <summary>Takes the event loops of a group that runs already, and leaves them running when disposed. When the group is
    /// shut down the connections over it are cut, once it has ended: loops of DotNetty 0.7.6's own sometimes never do, and keep
    /// a processor busy.</summary>
    public DotNettyEventLoops(IEventLoopGroup group)
        : this(group, owned: false)
    {
    }

    private DotNettyEventLoops(IEventLoopGroup group, bool owned)
    {
        ArgumentNullException.ThrowIfNull(group);
        _group = group;
        _owned = owned;

        // DotNetty does not close the channels of a loop that ends: their reads would never return.
        _ = group.TerminationCompletion.ContinueWith(
            _ => Close(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken) =>
        await OpenAsync(address, cancellationToken).ConfigureAwait(false);

    /// <summary>Cuts what is connected, and ends the event loops if they were started here.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Close().Select(stream => stream.Closed)).ConfigureAwait(false);
        if (_owned)
        {
            // Nothing is connected any more, so there is nothing to be quiet about.
            await _group.ShutdownGracefullyAsync(TimeSpan.Zero, LongestShutdown).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="DisposeAsync"/>, and blocks until it is done. For containers that dispose in no other way.
    /// </summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc cref="DialAsync"/>
    internal async ValueTask<ChannelStream> OpenAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        var stream = new ChannelStream(address.AddressFamily);
        try
        {
            Track(stream);
            await stream.ConnectAsync(_group.GetNext(), address, cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static MultithreadEventLoopGroup Start(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new MultithreadEventLoopGroup(group => new EventLoop(group), count);
    }

    private static SocketException Over() => new((int)SocketError.Shutdown, "the DotNetty event loops have ended");

    private void Track(ChannelStream stream)
    {
        lock (_gate)
        {
            if (_closed || _group.IsShuttingDown)
            {
                throw Over();
            }

            _streams.Add(stream);
        }

        _ = stream.Closed.ContinueWith(
            _ => Untrack(stream), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Untrack(ChannelStream stream)
    {
        lock (_gate)
        {
            _streams.Remove(stream);
        }
    }

    private List<ChannelStream> Close()
    {
        List<ChannelStream> open;
        lock (_gate)
        {
            _closed = true;
            open = [.. _streams];
        }

        foreach (var stream in open)
        {
            stream.Cut(Over());
        }

        return open;
    }
}
