using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace XmppChatClient.Channels;

/// <summary>Hands what happens on a channel, on its event loop, to the stream over it.</summary>
internal sealed class ChannelEvents(ChannelInput input, ChannelStream stream) : ChannelHandlerAdapter
{
    public override void ChannelRead(IChannelHandlerContext context, object message) => input.Add((IByteBuffer)message);

    public override void ChannelReadComplete(IChannelHandlerContext context)
    {
        if (input.WantsMore())
        {
            context.Read();
        }
    }

    public override void ChannelInactive(IChannelHandlerContext context) => stream.ChannelClosed();

    // A socket's error closes the channel anyway; anything else is a fault in its pipeline, which is of no use any more.
    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => stream.Cut(exception);
}
