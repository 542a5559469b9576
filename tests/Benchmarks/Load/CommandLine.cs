using System.Globalization;

namespace Benchmarks.Load;

/// <summary><c>--name value</c> pairs, and a bot's command behind <c>--</c>.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> _options = [];

    /// <exception cref="FormatException">An option is not one of these, or has no value.</exception>
    public CommandLine(string[] args, IReadOnlyCollection<string> names)
    {
        var end = Array.IndexOf(args, "--");
        Command = end < 0 ? [] : args[(end + 1)..];
        foreach (var pair in (end < 0 ? args : args[..end]).Chunk(2))
        {
            if (pair is not [['-', '-', .. var name], var value] || !names.Contains(name))
            {
                throw new FormatException($"'{string.Join(' ', pair)}' is no option with its value.");
            }

            _options[name] = value;
        }
    }

    public IReadOnlyList<string> Command { get; }

    public string Text(string name, string otherwise) => _options.GetValueOrDefault(name, otherwise);

    public int Number(string name, int otherwise) =>
        !_options.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"--{name} takes a number.");

    public IReadOnlyList<Link> Links() => Text("link", "both") switch
    {
        "plain" => [Link.Plain],
        "tls" => [Link.Tls],
        "both" => [Link.Plain, Link.Tls],
        _ => throw new FormatException("--link is plain, tls or both."),
    };

    /// <summary>The bots of ours that are asked for, then the one given.</summary>
    /// <param name="ours">Which of ours when none is asked for and no command given.</param>
    /// <param name="beside">Which when a command is given.</param>
    public IReadOnlyList<BotCommand> Bots(string ours, string beside)
    {
        var names = Text("bots", Command.Count == 0 ? ours : beside).Split(',', StringSplitOptions.RemoveEmptyEntries);
        var bots = names.Where(name => name != "none").Select(BotCommand.Ours);
        return [.. bots, .. Command.Count == 0 ? Array.Empty<BotCommand>() : [BotCommand.Given(Command)]];
    }
}
