using System.Text;

namespace XmppChatClient.Xml;

/// <summary>Hands out one <see cref="XmlName"/> for a name seen before, and one string for a short attribute value seen
/// before: a stream says the same few over and over.</summary>
internal sealed class XmlNameTable
{
    private const int LongestValue = 96;

    private Places<(byte[] Local, string Namespace, XmlName Name)> _names = new();
    private Places<string?> _values = new();

    /// <summary>The same text, and the very same string if a literal of ours says it: comparing is one step then.</summary>
    public static string Shared(string text) => string.IsInterned(text) ?? text;

    public XmlName Name(string namespaceName, ReadOnlySpan<byte> local)
    {
        var hash = ByteHash.Of(local);
        var place = _names[hash];
        if (place.Name is not null)
        {
            if (local.SequenceEqual(place.Local) && place.Namespace == namespaceName)
            {
                return place.Name;
            }

            _names.Displaced();
        }

        // The local name is what markup says and so is short; XmlName checks it.
        var name = new XmlName(Shared(namespaceName), Shared(Encoding.UTF8.GetString(local)));
        _names[hash] = (local.ToArray(), name.Namespace, name);
        return name;
    }

    /// <summary>The string of an attribute's value that is plain ASCII.</summary>
    public string Value(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length is 0 or > LongestValue)
        {
            return Encoding.ASCII.GetString(ascii);
        }

        var hash = ByteHash.Of(ascii);
        var place = _values[hash];
        if (place is not null)
        {
            if (Ascii.Equals(ascii, place))
            {
                return place;
            }

            _values.Displaced();
        }

        return _values[hash] = Encoding.ASCII.GetString(ascii);
    }
}
