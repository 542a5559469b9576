namespace Benchmarks.Load;

/// <summary>Finds where a bot's stanzas end, by their closing tags alone. Cheap, and enough for bots that write no
/// <c>&gt;</c> into attributes and no stanza into a stanza of its name.</summary>
internal static class StanzaSplitter
{
    /// <summary>The bytes of the first tag or stanza, whole; 0 when it is not all there.</summary>
    public static int LengthOfFirst(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'>') + 1;
        if (end == 0 || bytes[end - 2] is (byte)'/' or (byte)'?' || bytes[1] == '/' || bytes.StartsWith("<stream:stream"u8))
        {
            return end;
        }

        var name = bytes[1..(bytes.IndexOfAny(" \t\r\n>"u8))];
        var rest = end;
        while (true)
        {
            var close = bytes[rest..].IndexOf("</"u8);
            if (close < 0)
            {
                return 0;
            }

            rest += close + "</"u8.Length;
            if (bytes[rest..].StartsWith(name) && bytes.Length > rest + name.Length && bytes[rest + name.Length] == '>')
            {
                return rest + name.Length + 1;
            }
        }
    }
}
