using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace XmppChatClient.Channels;

/// <summary>DotNetty's event loop, but for one thing: it ends when it is told to.</summary>
/// <remarks>While it ends, DotNetty 0.7.6 wakes itself with a task whenever it found one, and that is the next that it finds.
/// Where it looks for the last time it then does so for ever, at the full speed of a processor, if anybody else has queued a
/// task a moment before: whoever ended it, or a socket that reports the end of its last read.</remarks>
internal class EventLoop(IEventLoopGroup? parent) : SingleThreadEventLoop(parent)
{
    public override void Execute(IRunnable task)
    {
        // A loop that ends does not sleep, and so need not wake itself. No other task is of a class inside DotNetty's own.
        if (!IsShuttingDown || !InEventLoop || task.GetType().DeclaringType != typeof(SingleThreadEventExecutor))
        {
            base.Execute(task);
        }
    }
}
