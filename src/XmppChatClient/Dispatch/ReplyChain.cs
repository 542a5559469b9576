using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using XmppChatClient.Xml;

namespace XmppChatClient.Dispatch;

/// <summary>Ends what two bots would say to each other for ever: a reply says how many more may follow it, in the header
/// <c>Max-Forwards</c> (XEP-0131 v1.2; RFC 3261 §8.1.1.6 counts in the same way), and what none may follow is not answered.
/// </summary>
internal sealed partial class ReplyChain
{
    private const string Namespace = "http://jabber.org/protocol/shim";
    private const string Header = "Max-Forwards";

    private static readonly XmlName HeadersName = new(Namespace, "headers");
    private static readonly XmlName HeaderName = new(Namespace, "header");

    // What a reply carries, by how many more may follow it.
    private readonly ImmutableArray<IPayload>[] _marks;
    private readonly ILogger _logger;

    /// <param name="longest">How many replies a chain may have; with none replies are neither marked nor held back.</param>
    public ReplyChain(int longest, ILogger logger)
    {
        _marks = [.. Enumerable.Range(0, longest).Select(MarkOf)];
        _logger = logger;
    }

    /// <summary>Answers a message, if an answer may follow it.</summary>
    /// <returns><see langword="null"/> when none may.</returns>
    public ValueTask<SendReceipt?> ReplyAsync(
        XmppClient client, Message message, string body, CancellationToken cancellationToken)
    {
        if (_marks.Length == 0)
        {
            return client.ReplyAsync(message, body, cancellationToken)!;
        }

        if (LeftAfter(message) is > 0 and var left)
        {
            return client.SendAsync(message.ReplyWith(body) with { From = client.AnswersFrom(message), Payloads = _marks[left - 1] }, cancellationToken)!;
        }

        LogEnded(message.From);
        return new ValueTask<SendReceipt?>((SendReceipt?)null);
    }

    // People's clients write no such header, and so begin a chain.
    private int LeftAfter(Message message)
    {
        foreach (var payload in message.Payloads)
        {
            if (payload is XmppElement element && element.Name == HeadersName)
            {
                foreach (var header in element.Elements)
                {
                    if (header.Name == HeaderName && header.Attribute("name") == Header
                        && int.TryParse(header.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var left))
                    {
                        return Math.Min(left, _marks.Length);
                    }
                }
            }
        }

        return _marks.Length;
    }

    private static ImmutableArray<IPayload> MarkOf(int left) =>
    [
        new XmppElement(HeadersName, new XmppElement(
            HeaderName, [new XmlAttribute("name", Header)], left.ToString(CultureInfo.InvariantCulture))),
    ];

    [LoggerMessage(EventId = 44, Level = LogLevel.Information, Message = "{Jid} is not answered: too many automatic replies in a row")]
    private partial void LogEnded(Jid? jid);
}
