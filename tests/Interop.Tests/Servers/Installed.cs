namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>Whether the real servers are on this machine, and what a test does when they are not.</summary>
public static class Installed
{
    private const string Required = "XMPP_REQUIRE_SERVERS";

    internal static string? ErlangLibraries { get; } = FindEjabberdLibraries();

    internal static string? EjabberdSchema { get; } = FindEjabberdSchema();

    /// <summary>Skips the running test when the server is missing, or fails it where servers are required.</summary>
    public static void Demand(ServerKind kind) => Demand(Missing(kind));

    /// <summary>The same for what turns .NET programs into native ones.</summary>
    public static void DemandLinker() => Demand(
        OnPath("clang") is null && OnPath("gcc") is null ? "No linker is installed: apt-get install gcc zlib1g-dev, or run ./test.sh." : null);

    /// <summary>The same for profanity, a client for terminals.</summary>
    public static void DemandProfanity() => Demand(
        OnPath("profanity") is null ? "profanity is not installed: apt-get install profanity, or run ./test.sh." : null);

    /// <summary>The same for a browser.</summary>
    /// <returns>Its program.</returns>
    public static string DemandBrowser()
    {
        var program = OnPath("chromium");
        Demand(program is null ? "Chromium is not installed: apt-get install chromium, or run ./test.sh." : null);
        return program!;
    }

    /// <summary>The same for slixmpp, a library for clients.</summary>
    /// <returns>The Python that has it: Debian's belongs to Debian's own.</returns>
    public static string DemandSlixmpp()
    {
        Demand(
            !Directory.Exists("/usr/lib/python3/dist-packages/slixmpp")
                ? "slixmpp is not installed: apt-get install python3-slixmpp, or run ./test.sh." : null);
        return "/usr/bin/python3";
    }

    private static void Demand(string? missing)
    {
        if (missing is null)
            return;
        if (Environment.GetEnvironmentVariable(Required) == "1")
            Assert.Fail($"{missing} ({Required}=1 forbids skipping.)");
        Assert.Skip(missing);
    }

    /// <summary>Null, or one sentence that says what to install.</summary>
    private static string? Missing(ServerKind kind) => kind switch
    {
        ServerKind.Prosody when OnPath("prosody") is null =>
            "Prosody is not installed: apt-get install prosody prosody-modules lua-sec, or run ./test.sh.",
        ServerKind.Ejabberd when OnPath("erl") is null || ErlangLibraries is null || EjabberdSchema is null =>
            "ejabberd is not installed: apt-get install ejabberd erlang-p1-sqlite3, or run ./test.sh.",
        _ => null,
    };

    internal static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Append("/usr/sbin")
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static string? FindEjabberdLibraries() =>
        LibraryFolders().FirstOrDefault(folder => Directory.EnumerateDirectories(folder, "ejabberd-*")
            .Any(ejabberd => File.Exists(Path.Combine(ejabberd, "ebin", "ejabberd.app"))));

    private static string? FindEjabberdSchema() =>
        ErlangLibraries is null ? null : Directory.EnumerateDirectories(ErlangLibraries, "ejabberd-*")
            .Select(ejabberd => Path.Combine(ejabberd, "priv", "sql", "lite.sql"))
            .FirstOrDefault(File.Exists);

    // Debian puts ejabberd into /usr/lib/<architecture>; an installation from source goes where Erlang's own libraries are.
    private static IEnumerable<string> LibraryFolders() =>
        !Directory.Exists("/usr/lib") ? [] : Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*")
            .Append("/usr/lib/erlang/lib")
            .Where(Directory.Exists);
}
