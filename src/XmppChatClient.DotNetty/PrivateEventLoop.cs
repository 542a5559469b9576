using System.Diagnostics.CodeAnalysis;
using System.Net;
using XmppChatClient.Channels;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient;

/// <summary>An event loop of one client's own, which runs while the client has a connection, so that nobody needs to dispose
/// it.</summary>
[RequiresUnreferencedCode(DotNettyEventLoops.Problem)]
[RequiresDynamicCode(DotNettyEventLoops.Problem)]
[SuppressMessage("Design", "CA1001", Justification = "The loop is disposed of when its last connection has gone.")]
internal sealed class PrivateEventLoop : IStreamDialer
{
    private readonly Lock _gate = new();
    private DotNettyEventLoops? _loops;
    private TaskCompletionSource? _stopped;
    private int _users;

    /// <summary>Ends when the event loop that was started last has ended.</summary>
    public Task Stopped
    {
        get
        {
            lock (_gate)
            {
                return _stopped?.Task ?? Task.CompletedTask;
            }
        }
    }

    public async ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        ChannelStream stream;
        try
        {
            stream = await Enter().OpenAsync(address, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await LeaveAsync().ConfigureAwait(false);
            throw;
        }

        _ = stream.Closed.ContinueWith(
            _ => LeaveAsync(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return stream;
    }

    private DotNettyEventLoops Enter()
    {
        lock (_gate)
        {
            _users++;
            if (_loops is null)
            {
                _loops = new DotNettyEventLoops(1);
                _stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return _loops;
        }
    }

    private async Task LeaveAsync()
    {
        DotNettyEventLoops loops;
        TaskCompletionSource stopped;
        lock (_gate)
        {
            if (--_users > 0)
            {
                return;
            }

            (loops, stopped) = (_loops!, _stopped!);
            _loops = null;
        }

        await loops.DisposeAsync().ConfigureAwait(false);
        stopped.SetResult();
    }
}
