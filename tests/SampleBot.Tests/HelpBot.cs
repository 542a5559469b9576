using System.Globalization;
using XmppChatClient;
using XmppChatClient.SoftwareVersion;

namespace SampleBot;

/// <summary>A bot as there are many: some commands, a memory of each user, an eye on who is there.</summary>
internal sealed class HelpBot(Memory memory) : IMessageHandler
{
    public async ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken)
    {
        if (context.Message is not { From: { } from, Body: ['!', ..] body })
        {
            return;
        }

        var words = body[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var answer = words switch
        {
            ["ping"] => "pong",
            ["add", var a, var b] when Number(a) is { } x && Number(b) is { } y => $"{x + y}",
            ["add", ..] => "Usage: !add 2 3",
            ["note", .. var text] => memory.Add(from.Bare, string.Join(' ', text)),
            ["notes"] => memory.Of(from.Bare),
            ["who"] => memory.Present,
            ["software"] => await SoftwareAsync(context, from, cancellationToken),
            _ => $"I do not know {body}.",
        };
        await context.ReplyAsync(answer, cancellationToken);
    }

    public async ValueTask HandlePresenceAsync(PresenceContext context, CancellationToken cancellationToken)
    {
        if (context.Presence is { From: { } from, Type: PresenceType.Available or PresenceType.Unavailable } presence
            && from.Bare != context.Client.Jid.Bare && memory.See(from.Bare, presence.Type == PresenceType.Available))
        {
            await context.Client.SendAsync(from, "Welcome!", cancellationToken);
        }
    }

    private static int? Number(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async Task<string> SoftwareAsync(MessageContext context, Jid from, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await context.Client.RequestAsync(
                new Iq(IqType.Get, new VersionQuery()) { To = from }, cancellationToken: cancellationToken);
            return $"You use {answer.Get<VersionQuery>()?.Product ?? "something unknown"}.";
        }
        catch (XmppStanzaException e)
        {
            return $"Your software does not tell: {e.Error}.";
        }
        catch (XmppTimeoutException)
        {
            return "Your software did not answer.";
        }
    }
}
