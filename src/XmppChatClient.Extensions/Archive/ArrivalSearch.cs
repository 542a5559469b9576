using Microsoft.Extensions.Logging;
using XmppChatClient.EntityTime;
using XmppChatClient.Modules;
using XmppChatClient.StanzaIds;
using XmppChatClient.Xml;

namespace XmppChatClient.Archive;

/// <summary>Looks into the archives for messages that a lost session left unacknowledged. Only where an archive keeps such
/// messages for certain does one that is not in it count as not arrived: that one is sent again.</summary>
internal sealed partial class ArrivalSearch(XmppClient client, ArchiveModule archives, ILogger logger)
{
    private const int PageSize = 100;
    private const int MostPages = 100;
    private const string Hints = "urn:xmpp:hints";

    private static readonly XmlName RoomUser = new("http://jabber.org/protocol/muc#user", "x");

    // For what is not exact in that, and for a room's server whose clock is another one.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    // Two servers of one name may differ so much. Of one clock no margin would be needed: what is sent later is archived later.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);

    private Jid Self => client.Jid.Bare;

    public async ValueTask FindAsync(IReadOnlyList<UnacknowledgedMessage> messages, CancellationToken cancellationToken)
    {
        // An archive goes by its server's clock. Where that is not known, nothing may be left out for its time.
        var since = messages.Min(m => m.SentAt) - Margin + await ClockDifferenceAsync(cancellationToken).ConfigureAwait(false);
        foreach (var messagesOfOne in messages.GroupBy(m => m.Message.Type == MessageType.Groupchat ? m.Message.To?.Bare : null))
        {
            try
            {
                await FindAsync(messagesOfOne.Key, [.. messagesOfOne], since, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is XmppStanzaException or XmppTimeoutException)
            {
                LogNoArchive(logger, messagesOfOne.Key ?? Self, e.Message);
            }
        }
    }

    private async ValueTask FindAsync(
        Jid? room, List<UnacknowledgedMessage> open, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var keepsOurs = false;
        var isStable = true;
        var pages = 0;
        var before = room is null ? Landmark(open) : null;
        DateTimeOffset? end = null;

        // The newest first: what is looked for was sent last.
        var query = new ArchiveQuery { Archive = room, With = OnlyPeer(room, open), Start = since, NewestFirst = true, PageSize = PageSize };
        await foreach (var page in archives.ReadPagesAsync(query, cancellationToken).ConfigureAwait(false))
        {
            isStable &= page.IsStable;
            foreach (var (_, message, at) in page.Messages.Where(m => room is not null || IsOurs(m.Message)))
            {
                keepsOurs = true;
                if (before is not null && IsSame(before, message, room: null))
                {
                    end = at - Skew;
                }

                if (open.Find(m => IsSame(m.Message, message, room)) is { } found)
                {
                    found.HasArrived = true;
                    open.Remove(found);
                }
            }

            if (open.Count == 0)
            {
                return;
            }

            if (page.Messages is [.., { At: var oldest }] && oldest < end)
            {
                break;
            }

            if (++pages == MostPages && !page.IsComplete)
            {
                LogGaveUp(logger, room ?? Self, open.Count, pages);
                return;
            }
        }

        if (!isStable)
        {
            return;
        }

        var preferences = room is null ? await PreferencesAsync(cancellationToken).ConfigureAwait(false) : null;
        foreach (var message in open.Where(m => IsWorthKeeping(m.Message)))
        {
            // A room that has an archive keeps what is said in it.
            if (room is not null || (preferences?.Keeps(message.Message.To!) ?? keepsOurs))
            {
                message.HasArrived = false;
            }
        }
    }

    // What was acknowledged is older than all that is looked for, unless one of them could be taken for it. Not in rooms, where anybody
    // can write our ids once more.
    private static Message? Landmark(List<UnacknowledgedMessage> open) =>
        open[0].LastAcknowledged is { } before && !open.Exists(m => IsSameId(m.Message, before)) ? before : null;

    private Jid? OnlyPeer(Jid? room, List<UnacknowledgedMessage> messages)
    {
        var peer = messages[0].Message.To?.Bare;
        return room is null && peer != Self && messages.TrueForAll(m => m.Message.To?.Bare == peer) ? peer : null;
    }

    private bool IsOurs(Message archived) => archived.From is null || archived.From.Bare == Self;

    // Ids are nobody's to guess, and the receiver's address makes sure where a program numbers its messages.
    private bool IsSame(Message sent, Message archived, Jid? room) =>
        IsSameId(sent, archived)
        && (room is not null || (sent.To?.Bare ?? Self) == (archived.To?.Bare ?? Self));

    private static bool IsSameId(Message sent, Message archived) =>
        sent.Id == archived.Id || (sent.Get<OriginId>() is { } own && own == archived.Get<OriginId>());

    // XEP-0313 §7.1.1: what every archive takes. Others may or may not be taken, private messages of rooms among them.
    private bool IsWorthKeeping(Message message) =>
        message is { Body.Length: > 0, To: { } to, Type: MessageType.Chat or MessageType.Normal or MessageType.Groupchat }
        && to.Bare != Self
        && message.Payloads.Select(p => XmppElement.From(p).Name).All(n => n != RoomUser && n.Namespace != Hints);

    private async ValueTask<ArchivePreferences?> PreferencesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.RequestAsync(
                new Iq(IqType.Get, new ArchivePreferences()), cancellationToken: cancellationToken).ConfigureAwait(false);
            return answer.Get<ArchivePreferences>();
        }
        catch (XmppStanzaException)
        {
            return null;
        }
    }

    private async ValueTask<TimeSpan?> ClockDifferenceAsync(CancellationToken cancellationToken)
    {
        try
        {
            return client.Find<EntityTimeModule>() is { } time
                ? await time.GetAsync(cancellationToken: cancellationToken).ConfigureAwait(false) - client.TimeProvider.GetUtcNow()
                : null;
        }
        catch (XmppException e) when (e is not (XmppSessionLostException or XmppConnectionException))
        {
            return null;
        }
    }

    [LoggerMessage(
        EventId = 61, Level = LogLevel.Debug, Message = "The archive of {Archive} does not tell which messages have arrived: {Reason}")]
    private static partial void LogNoArchive(ILogger logger, Jid archive, string reason);

    [LoggerMessage(
        EventId = 62, Level = LogLevel.Warning,
        Message = "{Count} messages are not on the last {Pages} pages of the archive of {Archive}; whether they have arrived is not known")]
    private static partial void LogGaveUp(ILogger logger, Jid archive, int count, int pages);
}
