using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace EchoBot.QuickStart;

/// <summary>The lines of a stream, as they come. However long a line is, no more than the limit of it is held.</summary>
internal sealed class InputLines(Stream input, Encoding encoding)
{
    /// <summary>In bytes. What XML makes longer (<c>&amp;</c> is <c>&amp;amp;</c>) still is no stanza too long for the server's
    /// and the bot's limit, 262,144.</summary>
    public const int LongestLine = 50_000;

    // Not to replace what cannot be read: it would be another text than what was given.
    private readonly Encoding _encoding = Encoding.GetEncoding(
        encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    public async IAsyncEnumerable<InputLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(input);
        var number = 1;
        var tooLong = false;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                yield return Line(number++, buffer.Slice(0, end), tooLong);
                tooLong = false;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (read.IsCompleted)
            {
                if (tooLong || !buffer.IsEmpty)
                {
                    yield return Line(number, buffer, tooLong);
                }

                yield break;
            }

            if (buffer.Length > LongestLine + 1)
            {
                tooLong = true;
                buffer = buffer.Slice(buffer.End);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private InputLine Line(int number, ReadOnlySequence<byte> bytes, bool tooLong)
    {
        var line = bytes.ToArray().AsSpan();
        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        if (tooLong || line.Length > LongestLine)
        {
            return new InputLine(number, null, $"it is longer than {LongestLine} bytes");
        }

        try
        {
            return new InputLine(number, _encoding.GetString(line), null);
        }
        catch (DecoderFallbackException)
        {
            return new InputLine(number, null, $"it is no text in {_encoding.WebName}");
        }
    }
}
