using System.Globalization;

namespace XmppChatClient.NothingLost.Kill;

/// <summary>Has a bot and a peer write to each other while the bot's process is killed again and again.</summary>
public sealed class KillSweep(MortalBotSettings settings, Party peer)
{
    // A hang is a failure with a name; starting a process takes long on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<IReadOnlyList<string>> _lives = [];
    private int _attempted;

    /// <summary>Messages each way for each kill.</summary>
    public int Messages { get; init; } = 10;

    /// <summary>Kills the bot so many times, each time after a random number of lines.</summary>
    public async Task<KillResult> RunAsync(int kills, int seed, CancellationToken cancellationToken)
    {
        // Repeatable, and nothing that anybody may not guess.
#pragma warning disable CA5394
        var random = new Random(seed);
        for (var i = 0; i < kills; i++)
        {
            await using var bot = MortalBot.Start(settings);
            await bot.HeardAsync("online", cancellationToken).WaitAsync(Patience, cancellationToken);
            var exchange = ExchangeAsync(bot, cancellationToken);

            // One line for each message it sends, and three for each that comes.
            var lines = bot.Said.Count + random.Next(4 * Messages);
            await bot.AnswerAsync(lines, cancellationToken).WaitAsync(Patience, cancellationToken);
            await bot.KillAsync();
            _lives.Add(bot.Said);
            await exchange;
        }
#pragma warning restore CA5394

        await using var last = MortalBot.Start(settings);
        await last.HeardAsync("online", cancellationToken).WaitAsync(Patience, cancellationToken);
        await ExchangeAsync(last, cancellationToken);
        await SettleAsync(last, cancellationToken);
        var (code, errors) = await last.EndAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        _lives.Add(last.Said);
        return code == 0
            ? KillResult.Of(kills, _attempted, _lives, peer)
            : throw new InvalidOperationException($"The bot ended with {code}: {errors}");
    }

    private async Task ExchangeAsync(MortalBot bot, CancellationToken cancellationToken)
    {
        var first = _attempted + 1;
        _attempted += Messages;
        try
        {
            await bot.SendAsync(first, Messages);
        }
        catch (IOException)
        {
            // It was killed.
        }

        await peer.SendAsync(settings.Jid.Bare, Messages, cancellationToken);
    }

    // What was accepted arrives, and what was sent is handled. Behind the last of it nothing can come.
    private async Task SettleAsync(MortalBot bot, CancellationToken cancellationToken)
    {
        await bot.HeardAsync(Line("accepted", _attempted), cancellationToken).WaitAsync(Patience, cancellationToken);
        foreach (var number in KillResult.Numbers("accepted", [.. _lives, bot.Said]))
        {
            await Task.WhenAny(peer.ArrivedAsync(number), MissingAsync(number, cancellationToken));
        }

        var last = peer.Sent[^1].Number;
        await bot.HeardAsync(Line("marked", last), cancellationToken).WaitAsync(Patience, cancellationToken);
        foreach (var (_, receipt) in peer.Sent)
        {
            await receipt.SettledAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        }
    }

    // One that is missing is reported with all others, not by a timeout of its own.
    private async Task MissingAsync(int number, CancellationToken cancellationToken)
    {
        _ = number;
        await peer.ArrivedAsync(_attempted).WaitAsync(Patience, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static string Line(string what, int number) => string.Create(CultureInfo.InvariantCulture, $"{what} {number}");
}
