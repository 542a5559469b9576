using System.Buffers;

namespace XmppChatClient.Testing.Streams;

/// <summary>How many bytes the next read of a connection in memory may return at most: cuts what is sent into reads, which
/// no way of writing does.</summary>
/// <param name="taken">How many were read before.</param>
/// <param name="available">What has come.</param>
internal delegate long ReadLimit(long taken, ReadOnlySequence<byte> available);
