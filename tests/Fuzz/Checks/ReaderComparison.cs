using System.Buffers;
using System.Globalization;
using System.Text;
using XmppChatClient.Xml;

namespace XmppChatClient.Fuzz;

/// <summary>Holds our reader against the platform's.</summary>
internal static class ReaderComparison
{
    /// <summary>Why the two differ over one element, or <see langword="null"/> when they agree but for
    /// <see cref="KnownDifferences"/>.</summary>
    public static string? OfElement(byte[] bytes, XmlLimits? limits = null)
    {
        var ours = OurReading.OfElement(bytes, limits);
        var platform = PlatformReading.OfElement(bytes, limits);
        if (ours.End == XmlReadingEnd.Closed && platform.Reading.End == XmlReadingEnd.Refused)
        {
            var translated = WithAsciiNames(bytes);
            ours = OurReading.OfElement(translated, limits);
            platform = PlatformReading.OfElement(translated, limits);
        }

        return Judge(ours, platform);
    }

    /// <summary>The same for a stream. An item in which something is wrong is no item for either.</summary>
    public static string? OfStream(byte[] bytes, XmlLimits? limits = null)
    {
        var ours = OurReading.OfStream(new ReadOnlySequence<byte>(bytes), limits);
        var platform = PlatformReading.OfStream(bytes, limits);
        if (ours.Items.Length > platform.Reading.Items.Length)
        {
            // The platform looks four bytes ahead, and tells of no item while it trips over what follows.
            byte[] translated = [.. WithAsciiNames(bytes[..(int)ours.Taken]), .. "    "u8];
            ours = OurReading.OfStream(new ReadOnlySequence<byte>(translated), limits);
            platform = PlatformReading.OfStream(translated, limits);
        }

        return Judge(ours, platform);
    }

    private static string? Judge(XmlReading ours, PlatformReading platform)
    {
        var theirs = platform.Reading;
        var common = Math.Min(ours.Items.Length, theirs.Items.Length);
        if (!ours.Items.AsSpan(0, common).SequenceEqual(theirs.Items.AsSpan(0, common)))
        {
            return Told("Other trees", ours, platform);
        }

        var isSame = ours.Items.Length == theirs.Items.Length;
        return (ours.End, theirs.End) switch
        {
            (XmlReadingEnd.Refused, XmlReadingEnd.Refused) when isSame => null,
            (XmlReadingEnd.Refused, _) when ours.Items.Length <= theirs.Items.Length =>
                platform.Seen.Any(seen => Refuses(seen, ours)) ? null : Told("We refuse what the platform takes", ours, platform),
            (XmlReadingEnd.Unfinished, XmlReadingEnd.Refused) when isSame => null,
            (XmlReadingEnd.Closed, XmlReadingEnd.Closed) when isSame => null,
            (_, XmlReadingEnd.Refused) when platform.Seen.Any(KnownDifferences.Taken.Contains) => null,
            _ => Told("We take what the platform refuses", ours, platform),
        };
    }

    private static bool Refuses(XmlPeculiarity seen, XmlReading ours) =>
        KnownDifferences.Refused.TryGetValue(seen, out var answers) && answers.Contains(ours.Refusal!.Value);

    private static string Told(string what, XmlReading ours, PlatformReading platform) =>
        $"{what}. We: {ours}. The platform: {platform.Reading}, having seen {string.Join(", ", platform.Seen)}.";

    // Names that the fourth edition of XML does not have, spelt in ASCII, so that all else can be compared. Only for what
    // our reader has taken: then this little of XML's grammar is enough.
    private static byte[] WithAsciiNames(byte[] bytes)
    {
        var output = new StringBuilder();
        var text = Encoding.UTF8.GetString(bytes);
        for (var i = 0; i < text.Length;)
        {
            var end = text[i] != '<' ? NextOrEnd(text, "<", i)
                : text.AsSpan(i).StartsWith("<![CDATA[") ? NextOrEnd(text, "]]>", i) + 3
                : -1;
            if (end >= 0)
            {
                end = Math.Min(end, text.Length);
                output.Append(text, i, end - i);
                i = end;
                continue;
            }

            i = Tag(text, i, output);
        }

        return Encoding.UTF8.GetBytes(output.ToString());
    }

    private static int Tag(string text, int start, StringBuilder output)
    {
        var i = start;
        while (i < text.Length && text[i] != '>')
        {
            if (text[i] is '"' or '\'')
            {
                var end = Math.Min(NextOrEnd(text, text[i].ToString(), i + 1) + 1, text.Length);
                output.Append(text, i, end - i);
                i = end;
            }
            else if (text[i] > '~')
            {
                output.Append(CultureInfo.InvariantCulture, $"u{(int)text[i]:X4}");
                i++;
            }
            else
            {
                output.Append(text[i++]);
            }
        }

        return i;
    }

    private static int NextOrEnd(string text, string wanted, int from)
    {
        var at = text.IndexOf(wanted, from, StringComparison.Ordinal);
        return at < 0 ? text.Length : at;
    }
}
