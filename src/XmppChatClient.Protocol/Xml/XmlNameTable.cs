using System.Text;

namespace XmppChatClient.Xml;

/// <summary>Hands out one <see cref="XmlName"/> for a name seen before, and one string for a short attribute value seen
/// before: a stream says the same few over and over. Both caches have a fixed number of places, and what comes later takes
/// the place of what was there, so that a peer cannot make them grow.</summary>
internal sealed class XmlNameTable
{
    private const int Places = 256;
    private const int LongestValue = 96;

    private readonly (byte[] Local, string Namespace, XmlName Name)[] _names = new (byte[], string, XmlName)[Places];
    private readonly string?[] _values = new string?[Places];

    public XmlName Name(string namespaceName, ReadOnlySpan<byte> local)
    {
        ref var place = ref _names[PlaceOf(local, namespaceName.Length)];
        if (place.Name is not null && local.SequenceEqual(place.Local) && place.Namespace == namespaceName)
        {
            return place.Name;
        }

        var name = new XmlName(Shared(namespaceName), Shared(Encoding.UTF8.GetString(local)));
        place = (local.ToArray(), namespaceName, name);
        return name;
    }

    /// <summary>The string of an attribute's value that is plain ASCII.</summary>
    public string Value(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length is 0 or > LongestValue)
        {
            return Encoding.ASCII.GetString(ascii);
        }

        ref var place = ref _values[PlaceOf(ascii, 0)];
        return place is not null && Ascii.Equals(ascii, place) ? place : place = Shared(Encoding.ASCII.GetString(ascii));
    }

    // Names in our own code are literals: to have the very same string makes comparing them one step.
    private static string Shared(string text) => string.IsInterned(text) ?? text;

    private static uint PlaceOf(ReadOnlySpan<byte> bytes, int seed)
    {
        // FNV-1a over the length and at most 16 bytes from each end: enough to spread, and quick for long ones.
        var hash = 2_166_136_261u ^ (uint)(bytes.Length + (seed << 8));
        foreach (var b in bytes[..Math.Min(16, bytes.Length)])
        {
            hash = (hash ^ b) * 16_777_619;
        }

        foreach (var b in bytes[Math.Max(bytes.Length - 16, Math.Min(16, bytes.Length))..])
        {
            hash = (hash ^ b) * 16_777_619;
        }

        return (hash ^ (hash >> 16)) % Places;
    }
}
