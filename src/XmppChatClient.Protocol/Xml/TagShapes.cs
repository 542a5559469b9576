namespace XmppChatClient.Xml;

/// <summary>The shapes of tags that a stream has had lately.</summary>
internal sealed class TagShapes
{
    /// <summary>Tags with more attributes, or more bytes around their values, are not kept.</summary>
    public const int MostAttributes = 16;

    private const int MostBytes = 512;
    private const int LongestChain = 4;
    private const int LongestName = 64;

    private TagShape _last = new([[]], XmlName.Lang, [], "", null, []);
    private readonly int[] _values = new int[2 * MostAttributes];
    private readonly string?[] _known = new string?[MostAttributes];
    private Places<TagShape?> _places = new();

    /// <summary>Where the values of the tag that was found last begin and how long they are, in turn.</summary>
    public ReadOnlySpan<int> Values => _values;

    /// <summary>Those of them that are the same as the last time.</summary>
    public ReadOnlySpan<string?> Known => _known;

    /// <param name="utf8">Begins with the tag.</param>
    /// <param name="scope">The default namespace around it.</param>
    /// <param name="length">How long the tag is.</param>
    public TagShape? Find(ReadOnlySpan<byte> utf8, string scope, out int length)
    {
        // Stanzas of one kind come one after the other, so a tag mostly follows the one that it followed before.
        if (FindAt(_last.FollowerHash, utf8, scope, out length) is { } expected)
        {
            return _last = expected;
        }

        var hash = HashOf(utf8);
        if (FindAt(hash, utf8, scope, out length) is { } shape)
        {
            _last.FollowerHash = hash;
            return _last = shape;
        }

        return null;
    }

    /// <param name="utf8">The tag that the shape was made of.</param>
    /// <param name="shape">What to keep.</param>
    public void Add(ReadOnlySpan<byte> utf8, TagShape shape)
    {
        if (shape.Attributes.Length > MostAttributes || shape.Pieces.Sum(p => p.Length) > MostBytes)
        {
            return;
        }

        var hash = HashOf(utf8);
        shape.Next = _places[hash];
        for (var (kept, kin) = (1, shape); kin is not null; kept++, kin = kin.Next)
        {
            if (kept == LongestChain && kin.Next is not null)
            {
                kin.Next = null;
                _places.Displaced();
            }
        }

        _places[hash] = shape;
    }

    private static ulong HashOf(ReadOnlySpan<byte> utf8)
    {
        var name = utf8[..Math.Min(utf8.Length, LongestName)];
        var length = name.IndexOfAny((byte)' ', (byte)'>', (byte)'/');
        return length < 0 ? 0 : ByteHash.Of(name[..length]);
    }

    private TagShape? FindAt(ulong hash, ReadOnlySpan<byte> utf8, string scope, out int length)
    {
        for (var shape = _places[hash]; shape is not null; shape = shape.Next)
        {
            length = shape.Fits(scope) ? Match(utf8, shape) : 0;
            if (length > 0)
            {
                return shape;
            }
        }

        length = 0;
        return null;
    }

    private int Match(ReadOnlySpan<byte> utf8, TagShape shape)
    {
        var position = 0;
        var pieces = shape.Pieces;
        var lastValues = shape.LastValues;
        for (var i = 0; i < pieces.Length; i++)
        {
            var piece = pieces[i];
            var rest = utf8[position..];
            if (!rest.StartsWith(piece))
            {
                return 0;
            }

            position += piece.Length;
            if (i == pieces.Length - 1)
            {
                break;
            }

            var known = i < lastValues.Length ? lastValues[i].In(rest[piece.Length..]) : null;
            _known[i] = known;
            if (known is not null)
            {
                position += known.Length;
                continue;
            }

            // What ends it is judged by the next piece, which begins with a quote.
            var length = rest[piece.Length..].IndexOfAnyExcept(XmlCharacters.PlainUnquoted);
            if (length < 0)
            {
                return 0;
            }

            _values[2 * i] = position;
            _values[(2 * i) + 1] = length;
            position += length;
        }

        return position;
    }
}
