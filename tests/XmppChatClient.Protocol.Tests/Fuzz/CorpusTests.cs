using XmppChatClient.Fuzz;

namespace XmppChatClient.Tests.Fuzz;

/// <summary>What the fuzzer began with and what it once found: tests/Fuzz/corpus.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string, string> Files { get; } = Rows();

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_kept_input_is_fine(string target, string file) =>
        FuzzTargets.All[target](File.ReadAllBytes(Path.Combine(Corpus, target, file)));

    [Fact]
    public void Every_target_has_kept_inputs() => Assert.Equal(
        FuzzTargets.All.Keys.Order(StringComparer.Ordinal), Files.Select(row => row.Data.Item1).Distinct().Order(StringComparer.Ordinal));

    private static string Corpus => Path.Combine(AppContext.BaseDirectory, "corpus");

    private static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var file in Directory.EnumerateFiles(Corpus, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            rows.Add(Path.GetFileName(Path.GetDirectoryName(file)!), Path.GetFileName(file));
        }

        return rows;
    }
}
