using XmppChatClient;

namespace EchoBot.QuickStart;

/// <summary>Sends each line of the standard input to the bot, and prints what it answers, and nothing else, to the standard
/// output.</summary>
internal sealed class PipedChat(EmbeddedServer server) : IChat, ISessionHandler, IDisposable
{
    // Lines without an answer at a time: a server holds only so much for a bot that is slower than the input.
    private const int LongestQueue = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _botIsThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _queue = new(LongestQueue);
    private volatile bool _failed;

    public ValueTask HandleStartedAsync(XmppClient client, SessionStarted session, CancellationToken cancellationToken)
    {
        _botIsThere.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public async Task<bool> RunAsync(XmppClient you, CancellationToken cancellationToken)
    {
        if (!server.HasUsualPort)
        {
            await Console.Error.WriteLineAsync($"Port 5222 is taken; the server listens on {server.Address}.");
        }

        var talking = TalkAsync(you, cancellationToken);
        await await Task.WhenAny(talking, ListenAsync(you, cancellationToken));
        return talking.IsCompletedSuccessfully && !_failed;
    }

    public void Dispose() => _queue.Dispose();

    private async Task TalkAsync(XmppClient you, CancellationToken cancellationToken)
    {
        await _botIsThere.Task.WaitAsync(cancellationToken);
        await using var input = Console.OpenStandardInput();
        await foreach (var line in new InputLines(input, Console.InputEncoding).ReadAsync(cancellationToken))
        {
            var fault = line.Fault;
            if (line.Text is { } text)
            {
                await WaitForAnswerAsync(cancellationToken);
                fault = await SendAsync(you, text, cancellationToken);
            }

            if (fault is not null)
            {
                Complain($"Line {line.Number} was not sent: {fault}");
            }
        }

        for (var answered = 0; answered < LongestQueue; answered++)
        {
            await WaitForAnswerAsync(cancellationToken);
        }
    }

    /// <returns>Why it could not be sent; null when it was.</returns>
    private async Task<string?> SendAsync(XmppClient you, string text, CancellationToken cancellationToken)
    {
        try
        {
            await you.SendAsync(server.Bot.Jid, text, cancellationToken);
            return null;
        }
        catch (ArgumentException e)
        {
            _queue.Release();
            return e.Message;
        }
    }

    private async Task WaitForAnswerAsync(CancellationToken cancellationToken)
    {
        if (!await _queue.WaitAsync(Patience, cancellationToken))
        {
            throw new XmppTimeoutException($"It did not answer for {Patience.TotalSeconds} seconds.");
        }
    }

    private async Task ListenAsync(XmppClient you, CancellationToken cancellationToken)
    {
        await foreach (var happened in you.ReadEventsAsync(cancellationToken))
        {
            switch (happened)
            {
                case MessageReceived { Message: var message } when message.From?.Bare == server.Bot.Jid:
                    Take(message);
                    break;
                case SessionEnded { Error: { } error }:
                    throw error;
            }
        }
    }

    private void Take(Message message)
    {
        if (message.Type == MessageType.Error)
        {
            Complain($"The bot did not get a line: {message.Error?.Condition}");
            _queue.Release();
        }
        else if (message.Body is { } body)
        {
            // Every line that is printed says whose it is.
            var name = server.Bot.Jid.Local + "> ";
            Console.WriteLine(name + body.Replace("\n", "\n" + name, StringComparison.Ordinal));
            _queue.Release();
        }
    }

    private void Complain(string what)
    {
        _failed = true;
        Console.Error.WriteLine(what);
    }
}
