using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace XmppChatClient.Precis;

/// <summary>The Punycode of RFC 3492, without the <c>xn--</c> that marks it in a domain name. See <see cref="Idna"/>
/// for whole names.</summary>
public static class Punycode
{
    // Both directions cost the square of the length; a DNS name is never longer.
    private const int LongestText = 255;

    private const int Base = 36;
    private const int SmallestThreshold = 1;
    private const int LargestThreshold = 26;
    private const int Skew = 38;
    private const int Damping = 700;
    private const int InitialBias = 72;
    private const int FirstNonAscii = 0x80;
    private const char Delimiter = '-';

    /// <param name="text">Up to 255 UTF-16 code units, without lone surrogates.</param>
    /// <exception cref="ArgumentException">The text is longer, or not well-formed.</exception>
    public static string Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText)
            throw new ArgumentException($"The text is longer than {LongestText} characters.", nameof(text));
        if (!CodePoints.TryDecode(text, out var codePoints, out var error))
            throw new ArgumentException($"The text {error}.", nameof(text));
        return Encode(CollectionsMarshal.AsSpan(codePoints));
    }

    /// <returns>Whether it is Punycode: of ASCII, no longer than 255, and of code points that exist. What else RFC 5891
    /// asks of a label is for <see cref="Idna"/> to say.</returns>
    public static bool TryDecode(ReadOnlySpan<char> punycode, [NotNullWhen(true)] out string? text)
    {
        text = TryDecode(punycode, out List<int>? codePoints)
            ? CodePoints.Encode(CollectionsMarshal.AsSpan(codePoints))
            : null;
        return text is not null;
    }

    internal static string Encode(ReadOnlySpan<int> codePoints)
    {
        var output = new StringBuilder();
        foreach (var codePoint in codePoints)
            if (codePoint < FirstNonAscii)
                output.Append((char)codePoint);

        var ascii = output.Length;
        var handled = ascii;
        if (ascii > 0)
            output.Append(Delimiter);

        int next = FirstNonAscii, delta = 0, bias = InitialBias;
        while (handled < codePoints.Length)
        {
            var smallest = int.MaxValue;
            foreach (var codePoint in codePoints)
                if (codePoint >= next && codePoint < smallest)
                    smallest = codePoint;

            // At most 0x10FFFF times 256: no overflow.
            delta += (smallest - next) * (handled + 1);
            next = smallest;
            foreach (var codePoint in codePoints)
            {
                if (codePoint < next)
                    delta++;
                if (codePoint != next)
                    continue;
                AppendInteger(output, delta, bias);
                bias = Adapt(delta, handled + 1, isFirst: handled == ascii);
                delta = 0;
                handled++;
            }

            delta++;
            next++;
        }

        return output.ToString();
    }

    internal static bool TryDecode(ReadOnlySpan<char> punycode, [NotNullWhen(true)] out List<int>? codePoints)
    {
        codePoints = null;
        if (punycode.Length > LongestText || !Ascii.IsValid(punycode))
            return false;

        var delimiter = punycode.LastIndexOf(Delimiter);
        var decoded = new List<int>(punycode.Length);
        foreach (var character in punycode[..Math.Max(delimiter, 0)])
            decoded.Add(character);

        var rest = punycode[(delimiter > 0 ? delimiter + 1 : 0)..];
        long codePoint = FirstNonAscii, position = 0;
        var bias = InitialBias;
        while (!rest.IsEmpty)
        {
            if (!TryReadInteger(ref rest, bias, out var delta))
                return false;
            var count = decoded.Count + 1;
            bias = Adapt(delta, count, isFirst: count == Math.Max(delimiter, 0) + 1);
            position += delta;
            codePoint += position / count;
            position %= count;
            if (codePoint > int.MaxValue || !Rune.IsValid((int)codePoint))
                return false;
            decoded.Insert((int)position, (int)codePoint);
            position++;
        }

        codePoints = decoded;
        return true;
    }

    private static void AppendInteger(StringBuilder output, int value, int bias)
    {
        for (var k = Base; ; k += Base)
        {
            var threshold = Threshold(k, bias);
            if (value < threshold)
                break;
            var (quotient, digit) = Math.DivRem(value - threshold, Base - threshold);
            output.Append(Digit(threshold + digit));
            value = quotient;
        }

        output.Append(Digit(value));
    }

    private static bool TryReadInteger(ref ReadOnlySpan<char> input, int bias, out int value)
    {
        value = 0;
        long sum = 0, weight = 1;
        for (var k = Base; !input.IsEmpty; k += Base)
        {
            var digit = Value(input[0]);
            input = input[1..];
            sum += digit * weight;
            if (digit < 0 || sum > int.MaxValue)
                return false;
            var threshold = Threshold(k, bias);
            if (digit < threshold)
            {
                value = (int)sum;
                return true;
            }

            weight *= Base - threshold;
            if (weight > int.MaxValue)
                return false;
        }

        return false;
    }

    private static int Threshold(int k, int bias) => Math.Clamp(k - bias, SmallestThreshold, LargestThreshold);

    private static int Adapt(int delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / Damping : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - SmallestThreshold) * LargestThreshold / 2; k += Base)
            delta /= Base - SmallestThreshold;
        return k + ((Base - SmallestThreshold + 1) * delta / (delta + Skew));
    }

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int Value(char digit) => digit switch
    {
        >= 'a' and <= 'z' => digit - 'a',
        >= 'A' and <= 'Z' => digit - 'A',
        >= '0' and <= '9' => digit - '0' + 26,
        _ => -1,
    };
}
