using System.Reflection;
using XmppChatClient.Shared.Tests;

[assembly: AssemblyFixture(typeof(XmppChatClient.Packages.Tests.PackedPackages))]

namespace XmppChatClient.Packages.Tests;

/// <summary>
/// All packages, packed once for all tests as `dotnet pack` packs them, into a feed that is a folder. Nothing is shared with
/// the build of the tests: configuration, output and package cache are their own.
/// </summary>
public sealed class PackedPackages : IAsyncLifetime
{
    // A version that nothing else has, so that nothing but this feed can satisfy it.
    public const string Version = "0.0.0-packed";

    private static readonly string Repository = typeof(PackedPackages).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!;

    private readonly string _artifacts = Path.Combine(Repository, "artifacts", "packages-tests");

    /// <summary>The projects of src that say what is public in them, which is what makes a package.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateDirectories(Path.Combine(Repository, "src"))
        .Where(folder => File.Exists(Path.Combine(folder, "PublicAPI.Shipped.txt")))
        .Select(folder => Path.GetFileName(folder)!)
        .Order(StringComparer.Ordinal);

    /// <summary>The cache that builds on this machine use: read for what it has, and never written by a program under test.</summary>
    public static string MachineCache => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } configured
        ? configured
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public string Feed => Path.Combine(_artifacts, "feed");

    /// <summary>Kept from run to run for what comes from elsewhere; of ours it never has an earlier build.</summary>
    public string Cache => Path.Combine(_artifacts, "cache");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Cache);
        var stale = Directory.EnumerateDirectories(Cache, "xmppchatclient*");
        foreach (var folder in stale.Append(Feed).Where(Directory.Exists).ToArray())
        {
            Directory.Delete(folder, recursive: true);
        }

        await DotnetCommand.RunAsync(
            Repository, null, "pack", "XmppChatClient.sln", "-nologo", "-v:quiet", "--artifacts-path",
            Path.Combine(_artifacts, "build"), "-o", Feed, $"-p:Version={Version}");
    }

    public PackedPackage Open(string name) => new(Path.Combine(Feed, $"{name}.{Version}.nupkg"));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
