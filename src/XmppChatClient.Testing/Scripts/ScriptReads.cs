using System.Buffers;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Scripts;

/// <summary>The ways of cutting what a script sends into reads.</summary>
internal static class ScriptReads
{
    public static ReadLimit? Of(ScriptSplit split) => split switch
    {
        ScriptSplit.Bytes => static (_, _) => 1,
        ScriptSplit.AtTags => static (_, available) => available.PositionOf((byte)'>') is { } end
            ? available.Slice(0, end).Length + 1 : long.MaxValue,
        _ => null,
    };

    /// <summary>Two reads meet at that offset, whatever comes together.</summary>
    public static ReadLimit At(long offset) => (taken, _) => taken < offset ? offset - taken : long.MaxValue;
}
