using System.Globalization;
using System.Text;

namespace XmppChatClient.Transports;

/// <summary>What a peer sent, as a part of a message: the beginning, in one line, without what would change the line around it.</summary>
internal static class PeerText
{
    /// <summary>How many bytes, or characters, of a text are shown.</summary>
    public const int MostShown = 100;

    public static string OneLine(ReadOnlySpan<byte> utf8) =>
        OneLine(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MostShown)]).TrimEnd('\uFFFD'));

    public static string OneLine(string text, int longest = MostShown)
    {
        var safe = new StringBuilder();
        foreach (var character in text.EnumerateRunes())
        {
            if (safe.Length + character.Utf16SequenceLength > longest)
            {
                break;
            }

            safe.Append(IsSafe(character) ? character.ToString() : " ");
        }

        return string.Join(' ', safe.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static bool IsSafe(Rune character) => Rune.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse);
}
