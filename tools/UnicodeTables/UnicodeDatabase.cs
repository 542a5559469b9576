using System.Globalization;

namespace UnicodeTables;

/// <summary>The files of the Unicode Character Database that the tables come from (UAX #44 has their format).</summary>
internal sealed class UnicodeDatabase
{
    public const int Limit = 0x110000;

    private readonly string _directory;

    public UnicodeDatabase(string directory)
    {
        _directory = directory;
        // "# PropList-15.0.0.txt"; UnicodeData.txt itself does not say its version.
        var title = File.ReadLines(InDirectory("PropList.txt")).First();
        Version = title[(title.IndexOf('-', StringComparison.Ordinal) + 1)..title.LastIndexOf('.')];
        Characters = ReadCharacters();
    }

    public string Version { get; }

    public Character[] Characters { get; }

    /// <summary>The code points of one value, such as <c>White_Space</c> of PropList.txt or <c>NFC_QC; N</c> of
    /// DerivedNormalizationProps.txt.</summary>
    public HashSet<int> Property(string file, params string[] values)
    {
        var found = new HashSet<int>();
        foreach (var fields in Rows(file).Where(row => row.Skip(1).Take(values.Length).SequenceEqual(values)))
            found.UnionWith(Range(fields[0]));
        return found.Count > 0
            ? found
            : throw new InvalidDataException($"{file} has no code point with {string.Join("; ", values)}.");
    }

    /// <summary>Code points whose full lowercase mapping has several code points in every context and language.</summary>
    public IEnumerable<(int CodePoint, int[] Lowercase)> LongLowercases() =>
        from row in Rows("SpecialCasing.txt")
        let hasCondition = row.Length > 5
        let lowercase = Hexes(row[1])
        where !hasCondition && lowercase.Length > 1
        select (Hex(row[0]), lowercase);

    private Character[] ReadCharacters()
    {
        var characters = new Character[Limit];
        var first = 0;
        foreach (var row in Rows("UnicodeData.txt"))
        {
            var codePoint = Hex(row[0]);
            if (row[1].EndsWith(", First>", StringComparison.Ordinal))
            {
                first = codePoint;
                continue;
            }

            var isRangeEnd = row[1].EndsWith(", Last>", StringComparison.Ordinal);
            var character = ReadCharacter(row);
            for (var each = isRangeEnd ? first : codePoint; each <= codePoint; each++)
                characters[each] = character;
        }

        return characters;
    }

    private static Character ReadCharacter(string[] row)
    {
        var decomposition = row[5];
        string? type = null;
        if (decomposition.StartsWith('<'))
        {
            var end = decomposition.IndexOf('>', StringComparison.Ordinal);
            type = decomposition[1..end];
            decomposition = decomposition[(end + 1)..];
        }

        return new Character(
            row[2],
            byte.Parse(row[3], CultureInfo.InvariantCulture),
            row[4],
            type,
            decomposition.Length == 0 ? null : Hexes(decomposition),
            row[13].Length == 0 ? null : Hex(row[13]));
    }

    private IEnumerable<string[]> Rows(string file) =>
        from line in File.ReadLines(InDirectory(file))
        let data = line.Split('#')[0].Trim()
        where data.Length > 0
        select data.Split(';', StringSplitOptions.TrimEntries);

    private string InDirectory(string file) => Path.Combine(_directory, file);

    private static IEnumerable<int> Range(string field)
    {
        var ends = field.Split("..");
        var first = Hex(ends[0]);
        return Enumerable.Range(first, Hex(ends[^1]) - first + 1);
    }

    private static int[] Hexes(string field) =>
        [.. field.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Hex)];

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
