using System.Buffers;

namespace XmppChatClient.Core.Tests;

internal static class ScriptSplits
{
    public static MemoryEnd.ReadLimit ToLimit(this ScriptSplit split) => split switch
    {
        ScriptSplit.Bytes => static (_, _) => 1,
        ScriptSplit.AtTags => static (_, available) => available.PositionOf((byte)'>') is { } end
            ? available.Slice(0, end).Length + 1 : long.MaxValue,
        _ => static (_, _) => long.MaxValue,
    };

    /// <summary>Two reads meet at that offset, whatever comes together.</summary>
    public static MemoryEnd.ReadLimit At(long offset) =>
        (taken, _) => taken < offset ? offset - taken : long.MaxValue;
}
