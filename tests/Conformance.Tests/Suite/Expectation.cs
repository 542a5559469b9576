namespace XmppChatClient.Conformance.Tests;

/// <summary>
/// A scenario's file: the record that every server must show, then the differences allowed, each under a line
/// <c>== Server, Server: reason</c>.
/// </summary>
internal sealed class Expectation
{
    /// <summary>Stands where a person has to write the reason.</summary>
    public const string NoReasonYet = "WHY?";

    private readonly string _file;

    private Expectation(string file, IReadOnlyList<string> record, IReadOnlyList<ListedDifference> differences) =>
        (_file, Record, Differences) = (file, record, differences);

    public IReadOnlyList<string> Record { get; }

    public IReadOnlyList<ListedDifference> Differences { get; }

    public static Expectation Load(string file)
    {
        if (!File.Exists(file))
            return new Expectation(file, [], []);
        var parts = File.ReadAllText(file).Split("\n== ");
        return new Expectation(file, Lines(parts[0]), [.. parts[1..].Select(Listed)]);
    }

    /// <summary>What is wrong with a server's record, in words for the failing test; null when all is as listed.</summary>
    public string? Judge(Subject subject, IReadOnlyList<string> actual)
    {
        if (Record.Count == 0)
            return $"There is no {_file} yet; {Accepting.Hint}";
        var listed = Differences.Where(difference => difference.Subjects.Contains(subject)).ToList();
        var complaints = listed.Where(difference => difference.Reason is "" or NoReasonYet)
            .Select(difference => $"Listed without a reason:\n{difference.Difference.Text}").ToList();
        foreach (var difference in LineDifference.Between(Record, actual))
        {
            var known = listed.FindIndex(one => one.Difference == difference);
            if (known >= 0)
                listed.RemoveAt(known);
            else
                complaints.Add($"Not listed:\n{difference.Text}");
        }

        complaints.AddRange(listed.Select(stale => $"Listed, but no longer so ({stale.Reason}):\n{stale.Difference.Text}"));
        return complaints.Count == 0 ? null : $"{subject} against {_file}:\n{string.Join('\n', complaints)}\n\nThe whole record:\n{string.Join('\n', actual)}";
    }

    /// <summary>The same file with that record as the one to expect; reasons stay where their differences do.</summary>
    public void Write(IReadOnlyList<string> record) => Write(record, Differences);

    /// <summary>The same file with exactly these differences listed for that server.</summary>
    public void WriteDifferences(Subject subject, IReadOnlyList<string> actual)
    {
        var others = Differences
            .Select(one => one with { Subjects = [.. one.Subjects.Where(s => s != subject)] })
            .Where(one => one.Subjects.Count > 0).ToList();
        var own = Differences.Where(one => one.Subjects.Contains(subject)).ToList();
        foreach (var difference in LineDifference.Between(Record, actual))
        {
            var known = own.Find(one => one.Difference == difference);
            var shared = others.FindIndex(one => one.Difference == difference && !one.Subjects.Contains(subject));
            if (shared >= 0)
                others[shared] = others[shared] with { Subjects = [.. others[shared].Subjects.Append(subject).Order()] };
            else
                others.Add(new ListedDifference([subject], known?.Reason ?? NoReasonYet, difference));
        }

        Write(Record, others);
    }

    private void Write(IReadOnlyList<string> record, IReadOnlyList<ListedDifference> differences)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        var listed = differences.Select(one => $"\n== {string.Join(", ", one.Subjects)}: {one.Reason}\n{one.Difference.Text}\n");
        File.WriteAllText(_file, string.Join('\n', record) + "\n" + string.Concat(listed));
    }

    private static ListedDifference Listed(string text)
    {
        var lines = Lines(text);
        var colon = lines[0].IndexOf(':', StringComparison.Ordinal);
        return new ListedDifference(
            [.. lines[0][..colon].Split(", ").Select(Enum.Parse<Subject>)],
            lines[0][(colon + 1)..].Trim(),
            new LineDifference(string.Join('\n', lines.Skip(1))));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
