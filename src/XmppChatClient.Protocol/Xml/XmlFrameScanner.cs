namespace XmppChatClient.Xml;

/// <summary>Finds where the next whole item of a stream ends, looking at each byte once however the bytes are split. It
/// knows just enough XML for that; the parser judges the rest.</summary>
/// <param name="deepest">How deep a stanza's elements may nest.</param>
internal sealed class XmlFrameScanner(int deepest)
{
    private enum State
    {
        Text,
        Markup,
        OpenTag,
        Quoted,
        CloseTag,
        Exclamation,
        CharacterData,
        Declaration,
    }

    private State _state;
    private byte _quote;
    private byte _previous;
    private int _matched;
    private bool _streamSeen;

    /// <summary>How many elements are open, the stream included.</summary>
    public int Depth { get; private set; }

    /// <summary>What the frame that was found is.</summary>
    public XmlFrame Frame { get; private set; }

    /// <summary>Goes on scanning a frame.</summary>
    /// <returns>How many bytes belong to the frame, its last included; -1 when its end is not among these.</returns>
    public int Scan(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (position < bytes.Length)
        {
            var rest = bytes[position..];
            var (taken, ended) = _state switch
            {
                State.Text => ScanText(rest),
                State.Markup => ScanMarkup(rest[0]),
                State.OpenTag => ScanOpenTag(rest),
                State.Quoted => ScanQuoted(rest),
                State.CloseTag => ScanCloseTag(rest),
                State.Exclamation => ScanExclamation(rest[0]),
                State.CharacterData => ScanUntil(rest, "]]>"u8),
                _ => ScanUntil(rest, "?>"u8),
            };
            position += taken;
            if (ended)
            {
                return position;
            }
        }

        return -1;
    }

    private static (int Taken, bool Ended) All(ReadOnlySpan<byte> bytes) => (bytes.Length, false);

    private (int Taken, bool Ended) ScanText(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf((byte)'<');
        if (at < 0)
        {
            return All(bytes);
        }

        _state = State.Markup;
        return (at + 1, false);
    }

    private (int Taken, bool Ended) ScanMarkup(byte first)
    {
        switch (first)
        {
            case (byte)'/':
                _state = State.CloseTag;
                return (1, false);
            case (byte)'!':
                _state = State.Exclamation;
                _matched = 0;
                return (1, false);
            case (byte)'?' when !_streamSeen:
                _state = State.Declaration;
                _matched = 0;
                return (1, false);
            case (byte)'?':
                throw XmlViolation.Restricted("processing instructions");
            default:
                // The stream itself is not counted among the levels of a stanza.
                if (++Depth - 1 > deepest)
                {
                    throw XmlViolation.TooMuch("The depth of the elements", deepest);
                }

                _state = State.OpenTag;
                _previous = 0;
                return (0, false);
        }
    }

    private (int Taken, bool Ended) ScanOpenTag(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
        if (at < 0)
        {
            _previous = bytes[^1];
            return All(bytes);
        }

        var before = at > 0 ? bytes[at - 1] : _previous;
        if (bytes[at] != (byte)'>')
        {
            _quote = bytes[at];
            _state = State.Quoted;
            return (at + 1, false);
        }

        _state = State.Text;
        if (before == (byte)'/')
        {
            Depth--;
        }

        if (!_streamSeen)
        {
            if (Depth == 0)
            {
                throw XmlViolation.NotWellFormed("the stream's opening tag closes itself");
            }

            _streamSeen = true;
            Frame = XmlFrame.StreamStart;
            return (at + 1, true);
        }

        Frame = XmlFrame.Element;
        return (at + 1, Depth == 1);
    }

    private (int Taken, bool Ended) ScanQuoted(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf(_quote);
        if (at < 0)
        {
            return All(bytes);
        }

        _state = State.OpenTag;
        _previous = _quote;
        return (at + 1, false);
    }

    private (int Taken, bool Ended) ScanCloseTag(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf((byte)'>');
        if (at < 0)
        {
            return All(bytes);
        }

        if (--Depth < 0)
        {
            throw XmlViolation.NotWellFormed("an end tag without a start tag");
        }

        _state = State.Text;
        Frame = Depth == 0 ? XmlFrame.StreamEnd : XmlFrame.Element;
        return (at + 1, Depth <= 1);
    }

    private (int Taken, bool Ended) ScanExclamation(byte next)
    {
        var expected = "[CDATA["u8;
        if (next != expected[_matched])
        {
            throw XmlViolation.Restricted(next == (byte)'-' && _matched == 0 ? "comments" : "document type declarations");
        }

        if (++_matched == expected.Length)
        {
            if (Depth <= 1)
            {
                throw XmlViolation.OutsideElements();
            }

            _state = State.CharacterData;
            _matched = 0;
        }

        return (1, false);
    }

    private (int Taken, bool Ended) ScanUntil(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> end)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == end[_matched])
            {
                _matched++;
            }
            else
            {
                // "]]]>" ends as well as "]]>": all but the last byte of an end are the same one.
                _matched = bytes[i] != end[0] ? 0 : end.Length == 3 && _matched == 2 ? 2 : 1;
            }

            if (_matched == end.Length)
            {
                var declared = _state == State.Declaration;
                _state = State.Text;
                Frame = XmlFrame.Declaration;
                return (i + 1, declared);
            }
        }

        return All(bytes);
    }
}
