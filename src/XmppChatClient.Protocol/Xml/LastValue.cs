namespace XmppChatClient.Xml;

/// <summary>The value that an attribute of a <see cref="TagShape"/> had the last time: who writes to whom, and what kind of
/// stanza it is, mostly stays the same for a while.</summary>
internal struct LastValue
{
    private const int Longest = 96;

    private byte[]? _written;
    private int _length;
    private string? _value;

    /// <summary>The same again, if the bytes begin with it.</summary>
    /// <param name="utf8">Begins with a value; goes on with what ends it.</param>
    public readonly string? In(ReadOnlySpan<byte> utf8) =>
        _value is not null && utf8.StartsWith(_written.AsSpan(0, _length)) ? _value : null;

    /// <param name="written">The value and the quote that ends it.</param>
    public void Set(ReadOnlySpan<byte> written, string value)
    {
        _value = null;
        if (written.Length > Longest)
        {
            return;
        }

        if (_written is null || _written.Length < written.Length)
        {
            _written = new byte[written.Length];
        }

        written.CopyTo(_written);
        _length = written.Length;
        _value = value;
    }
}
