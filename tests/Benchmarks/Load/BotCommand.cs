namespace Benchmarks.Load;

/// <summary>A bot to measure: a program that takes <c>HOST PORT JID PASSWORD CAFILE|-</c> behind these arguments.</summary>
internal sealed record BotCommand(string Name, string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Whether the others are held against it.</summary>
    public bool IsFloor { get; private init; }

    /// <summary>Ours by name: <c>floor</c>, <c>sockets</c> or <c>dotnetty</c>.</summary>
    public static BotCommand Ours(string name) => name switch
    {
        "floor" => OfThisProgram("floor", "floor") with { IsFloor = true },
        "sockets" => OfThisProgram("ours, sockets", "echo", "--report"),
        "dotnetty" => OfThisProgram("ours, DotNetty", "echo", "--dotnetty", "--report"),
        _ => throw new FormatException($"'{name}' is no bot of ours; floor, sockets and dotnetty are."),
    };

    public static BotCommand Given(IReadOnlyList<string> command) =>
        new(Path.GetFileName(command[0]), command[0], [.. command.Skip(1)]);

    private static BotCommand OfThisProgram(string name, params string[] arguments)
    {
        var program = Environment.ProcessPath!;
        var assembly = Environment.GetCommandLineArgs()[0];
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new BotCommand(name, program, [assembly, .. arguments])
            : new BotCommand(name, program, arguments);
    }
}
