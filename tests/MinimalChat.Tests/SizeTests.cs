using System.Reflection;

namespace MinimalChat.Tests;

public sealed class SizeTests
{
    [Fact]
    public void Sample_has_fewer_than_150_lines()
    {
        var samples = typeof(SizeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Samples").Value!;
        Assert.InRange(Directory.EnumerateFiles(Path.Combine(samples, "MinimalChat"), "*.cs").Sum(f => File.ReadLines(f).Count()), 50, 149);
    }
}
