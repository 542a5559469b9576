using System.Globalization;

namespace Benchmarks.Load;

/// <summary>Rows as Markdown.</summary>
internal sealed class MarkdownTable(params string[] columns)
{
    private readonly List<string> _lines = [Row(columns), "|" + string.Concat(Enumerable.Repeat("---|", columns.Length))];

    public void Add(params string[] cells) => _lines.Add(Row(cells));

    public override string ToString() => string.Join('\n', _lines);

    /// <summary>A number with a digit behind the point only where it says something; a dash for none.</summary>
    public static string Cell(double number) =>
        double.IsNaN(number) ? "–"
        : number.ToString(number < 10 ? "0.00" : number < 100 ? "0.0" : "#,##0", CultureInfo.InvariantCulture);

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
