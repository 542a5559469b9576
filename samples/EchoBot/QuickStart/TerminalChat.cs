using Spectre.Console;
using XmppChatClient;
using XmppChatClient.Xml;

namespace EchoBot.QuickStart;

/// <summary>You write to the bot at a terminal, and see what it answers and how its link is.</summary>
internal sealed class TerminalChat(EmbeddedServer server) : IChat, ISessionHandler
{
    // XEP-0085: who says its own state is told those of others.
    private const string ChatStates = "http://jabber.org/protocol/chatstates";

    private readonly ChatPrompt _prompt = new(AnsiConsole.Console);
    private volatile XmppClient? _bot;
    private volatile bool _isTyping;
    private volatile bool _isOpen;

    public ValueTask HandleStartedAsync(XmppClient client, SessionStarted session, CancellationToken cancellationToken)
    {
        _bot = client;
        ShowLink($"The bot is online as {session.Jid}.");
        return ValueTask.CompletedTask;
    }

    public ValueTask HandleEndedAsync(XmppClient client, SessionEnded session, CancellationToken cancellationToken)
    {
        var next = session.RetryIn is { } delay ? $"; it comes back in {delay.TotalSeconds:0.0} s" : "";
        ShowLink($"The bot's session ended: {session.Reason}{next}.");
        return ValueTask.CompletedTask;
    }

    public async Task<bool> RunAsync(XmppClient you, CancellationToken cancellationToken)
    {
        Welcome();
        _isOpen = true;
        ShowState();
        await await Task.WhenAny(TalkAsync(you, cancellationToken), ListenAsync(you, cancellationToken));
        _isOpen = false;
        return true;
    }

    private void Welcome()
    {
        if (!server.HasUsualPort)
        {
            _prompt.Print($"Port 5222 is taken; the server listens on {server.Address.Port}.");
        }

        _prompt.Print($"""
            You are {server.You.Jid}, and [bold]{server.Bot.Jid}[/] answers. The log is in {Path.GetFullPath("logs").EscapeMarkup()}.
            Any XMPP client can log in too:
              address [bold]{server.You.Jid}[/], password [bold]{server.You.Password}[/]
              server {server.Address.Address}, port {server.Address.Port}, certificates signed by {server.TrustedRoot.EscapeMarkup()}
              in profanity: [bold]/connect {server.You.Jid} server {server.Address.Address} port {server.Address.Port} tls trust[/]
            [bold]/status[/] shows how things are, [bold]/drop[/] cuts the bot's link, [bold]/quit[/] ends.
            """);
    }

    private async Task TalkAsync(XmppClient you, CancellationToken cancellationToken)
    {
        while (await _prompt.ReadAsync(cancellationToken) is { } line && line.Trim() is var text && text != "/quit")
        {
            switch (text)
            {
                case "":
                    break;
                case "/status":
                    PrintStatus(you);
                    break;
                case "/drop":
                    await DropAsync();
                    break;
                case ['/', ..]:
                    _prompt.Print("[yellow]There are /status, /drop and /quit.[/]");
                    break;
                default:
                    await SendAsync(you, line, cancellationToken);
                    break;
            }
        }
    }

    private async Task SendAsync(XmppClient you, string text, CancellationToken cancellationToken)
    {
        try
        {
            await you.SendAsync(
                new Message
                {
                    To = server.Bot.Jid,
                    Type = MessageType.Chat,
                    Body = text,
                    Payloads = [new XmppElement(new XmlName(ChatStates, "active"))],
                },
                cancellationToken);
        }
        catch (ArgumentException e)
        {
            _prompt.Print($"[red]Not sent: {e.Message.EscapeMarkup()}[/]");
        }
    }

    private async ValueTask DropAsync()
    {
        if (_bot is { State: SessionState.Online } bot)
        {
            await bot.AbortAsync(new XmppConnectionException("The link was cut by /drop."));
        }
        else
        {
            _prompt.Print("[yellow]The bot has no link at the moment.[/]");
        }
    }

    private void PrintStatus(XmppClient you) => _prompt.Print($"""
        bot     {_bot?.State ?? SessionState.Connecting}, {(_bot?.Jid ?? server.Bot.Jid).ToString().EscapeMarkup()}
        you     {you.State}, {you.Jid.ToString().EscapeMarkup()}
        server  {server.Address}
        log     {Path.GetFullPath("logs").EscapeMarkup()}
        """);

    private async Task ListenAsync(XmppClient you, CancellationToken cancellationToken)
    {
        await foreach (var happened in you.ReadEventsAsync(cancellationToken))
        {
            switch (happened)
            {
                case MessageReceived { Message: var message } when message.From?.Bare == server.Bot.Jid:
                    Show(message);
                    break;
                case SessionEnded { Error: { } error }:
                    throw error;
            }
        }
    }

    private void Show(Message message)
    {
        if (message.Type == MessageType.Error)
        {
            _prompt.Print($"[red]The bot did not get it: {message.Error?.Condition}[/]");
        }
        else if (message.Body is { } body)
        {
            _prompt.Print($"[aqua]{server.Bot.Jid.Local}>[/] {body.EscapeMarkup()}");
        }

        var state = message.Payloads.OfType<XmppElement>().FirstOrDefault(p => p.Name.Namespace == ChatStates);
        _isTyping = state?.Name.LocalName == "composing";
        ShowState();
    }

    // Not before the first words, nor after the last.
    private void ShowLink(string what)
    {
        if (_isOpen)
        {
            _prompt.Print($"[grey]{what.EscapeMarkup()}[/]");
            ShowState();
        }
    }

    private void ShowState() => _prompt.Label = _bot switch
    {
        not { State: SessionState.Online } => "[red](bot offline)[/] you> ",
        _ when _isTyping => "[yellow](bot is typing)[/] you> ",
        _ => "[green](bot online)[/] you> ",
    };
}
