using System.Reflection;
using System.Runtime.CompilerServices;

namespace SampleBot;

/// <summary>The code of docs/TESTING.md is the code of this project, line by line, and so is compiled and run.</summary>
public sealed class GuideTests
{
    private static readonly string Repository = typeof(GuideTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!;

    public static TheoryData<string> Blocks => [.. File.ReadAllText(Path.Combine(Repository, "docs", "TESTING.md"))
        .Split("```csharp\n").Skip(1).Select(part => part[..part.IndexOf("```", StringComparison.Ordinal)])];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Code_of_the_guide_is_that_of_a_test(string block) =>
        Assert.Contains(Sources(), source => source.Contains(Lines(block), StringComparison.Ordinal));

    private static IEnumerable<string> Sources([CallerFilePath] string file = "") =>
        Directory.EnumerateFiles(Path.Combine(Repository, "tests", "SampleBot.Tests"), "*.cs")
            .Where(f => Path.GetFileName(f) != Path.GetFileName(file))
            .Select(f => Lines(File.ReadAllText(f)));

    // Whole lines, however far they are indented.
    private static string Lines(string text) =>
        $"\n{string.Join('\n', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))}\n";
}
