using System.Text;

namespace XmppChatClient.Xml;

/// <summary>Hands out one <see cref="XmlName"/> for a name seen before, and one string for a short attribute value seen
/// before: a stream says the same few over and over. The caches have a fixed number of places, and what comes
/// later takes the place of what was there, so that a peer cannot make them grow.</summary>
internal sealed class XmlNameTable
{
    private const int PlaceBits = 9;
    private const int LongestValue = 96;

    private readonly (byte[] Local, string Namespace, XmlName Name)[] _names =
        new (byte[], string, XmlName)[1 << PlaceBits];

    private readonly string?[] _values = new string?[1 << PlaceBits];

    /// <summary>The same text, and the very same string if a literal of ours says it: comparing is one step then.</summary>
    public static string Shared(string text) => string.IsInterned(text) ?? text;

    public XmlName Name(string namespaceName, ReadOnlySpan<byte> local)
    {
        ref var place = ref _names[PlaceOf(local)];
        if (place.Name is not null && local.SequenceEqual(place.Local) && place.Namespace == namespaceName)
        {
            return place.Name;
        }

        var name = new XmlName(Shared(namespaceName), Shared(Encoding.UTF8.GetString(local)));
        place = (local.ToArray(), name.Namespace, name);
        return name;
    }

    /// <summary>The string of an attribute's value that is plain ASCII.</summary>
    public string Value(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length is 0 or > LongestValue)
        {
            return Encoding.ASCII.GetString(ascii);
        }

        ref var place = ref _values[PlaceOf(ascii)];
        return place is not null && Ascii.Equals(ascii, place) ? place : place = Encoding.ASCII.GetString(ascii);
    }

    private static int PlaceOf(ReadOnlySpan<byte> bytes) => ByteHash.Place(ByteHash.Of(bytes), PlaceBits);
}
