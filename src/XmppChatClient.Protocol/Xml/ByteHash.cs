using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace XmppChatClient.Xml;

/// <summary>A quick hash for caches of a fixed size. Whoever forces collisions only makes us parse again.</summary>
internal static class ByteHash
{
    private const ulong Factor = 0x9E37_79B9_7F4A_7C15UL;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        // Eight bytes at a time; the last ones may be taken twice.
        var hash = (ulong)bytes.Length;
        if (bytes.Length >= sizeof(ulong))
        {
            for (var i = 0; i < bytes.Length - sizeof(ulong); i += sizeof(ulong))
            {
                hash = Mix(hash, MemoryMarshal.Read<ulong>(bytes[i..]));
            }

            hash = Mix(hash, MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..]));
        }
        else if (bytes.Length >= sizeof(uint))
        {
            hash = Mix(hash, MemoryMarshal.Read<uint>(bytes) | ((ulong)MemoryMarshal.Read<uint>(bytes[^sizeof(uint)..]) << 32));
        }
        else if (bytes.Length > 0)
        {
            hash = Mix(hash, bytes[0] | ((ulong)bytes[bytes.Length / 2] << 8) | ((ulong)bytes[^1] << 16));
        }

        return hash * Factor;
    }

    /// <summary>A hash that another one made, spread over all bits.</summary>
    public static ulong Of(int hash) => (uint)hash * Factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong hash, ulong word)
    {
        hash = (hash ^ word) * Factor;
        return hash ^ (hash >> 32);
    }
}
