using System.Diagnostics;
using XmppChatClient.Shared.Tests;

namespace XmppChatClient.Packages.Tests;

/// <summary>
/// A console program somewhere else, made of nothing but the packages and the code of their readmes, trimmed, with every
/// warning of the trimming and AOT analysis as an error.
/// </summary>
public sealed class NewProgram(PackedPackages packages) : IAsyncLifetime
{
    private const string Hosting = "Microsoft.Extensions.Hosting";

    private string ProjectFile => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <WarningsNotAsErrors>NU1900</WarningsNotAsErrors>
            <PublishTrimmed>true</PublishTrimmed>
            <EnableAotAnalyzer>true</EnableAotAnalyzer>
            <EnableSingleFileAnalyzer>true</EnableSingleFileAnalyzer>
            <SuppressTrimAnalysisWarnings>false</SuppressTrimAnalysisWarnings>
            <TrimmerSingleWarn>false</TrimmerSingleWarn>
            <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="XmppChatClient" Version="{PackedPackages.Version}" />
            <PackageReference Include="XmppChatClient.Storage.Sqlite" Version="{PackedPackages.Version}" />
            <PackageReference Include="{Hosting}" Version="{packages.Open("XmppChatClient").DependencyVersion($"{Hosting}.Abstractions")}" />
          </ItemGroup>
        </Project>
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("new-program-").FullName;

    public async ValueTask InitializeAsync()
    {
        await WriteAsync("NewProgram.csproj", ProjectFile);
        await WriteAsync("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{packages.Feed}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{PackedPackages.MachineCache}" />
              </fallbackPackageFolders>
            </configuration>
            """);
        await WriteAsync("Program.cs", packages.Open("XmppChatClient").ReadmeCode);
        foreach (var name in new[] { "Protocol", "Core", "Extensions", "Storage.Sqlite" })
        {
            await WriteAsync($"{name}Readme.cs", $$"""
                using XmppChatClient;
                using XmppChatClient.Roster;
                using XmppChatClient.Storage;
                using XmppChatClient.Xml;

                public static class {{name.Replace(".", "", StringComparison.Ordinal)}}Readme
                {
                    public static async Task RunAsync(string password, CancellationToken cancellationToken)
                    {
                        await Task.Yield();
                        {{packages.Open($"XmppChatClient.{name}").ReadmeCode}}
                    }
                }
                """);
        }

        try
        {
            await DotnetCommand.RunAsync(_folder, packages.Cache, "publish", "-nologo", "-v:quiet", "-o", "published");
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the published program: its exit code and its lines.</summary>
    public async Task<(int ExitCode, string[] Lines)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(_folder, "published", "NewProgram"), arguments) { WorkingDirectory = _folder };
        var (exitCode, output) = await ProgramRun.ToEndAsync(start, TimeSpan.FromSeconds(60));
        return (exitCode, output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Task WriteAsync(string name, string content) =>
        File.WriteAllTextAsync(Path.Combine(_folder, name), content, TestContext.Current.CancellationToken);
}
