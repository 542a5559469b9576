using XmppChatClient.Storage;
using XmppChatClient.StreamManagement;
using XmppChatClient.Xml;

namespace XmppChatClient.Session;

/// <summary>What a session keeps in a store: itself, what comes in it, and the notes of modules.</summary>
/// <param name="lastNumber">Of a message that came.</param>
/// <param name="before">The messages that came last to earlier processes.</param>
internal sealed class SessionStore(Journal journal, long lastNumber, IReadOnlyCollection<MessageKey> before)
{
    private readonly HashSet<MessageKey> _before = [.. before];
    private long _lastNumber = lastNumber;

    public Journal Journal => journal;

    /// <summary>The messages that the server may deliver again, as it may not know that they came.</summary>
    public static IEnumerable<MessageKey> Redeliverable(StoredState state) =>
        state.Arrivals.Select(a => MessageKey.Parse(a.Key)).OfType<MessageKey>();

    /// <summary>What came and was not handled.</summary>
    /// <exception cref="XmppStoreException">Something in the store is no message.</exception>
    public static IEnumerable<MessageReceived> Unhandled(StoredState state, Journal journal) => state.Arrivals
        .Where(a => a.Xml is not null)
        .Select(a => new MessageReceived(StoredStanza.ReadMessage(a.Xml!)) { Pending = new StoredPending(journal, a.Number, isKept: true) });

    /// <summary>Whether an earlier process had that message: it is among those it left, or handled. Any thread.</summary>
    public bool IsFromBefore(MessageKey key) => _before.Contains(key);

    /// <summary>Has a message kept until it is handled.</summary>
    /// <param name="kept">Called when it is kept; not when it cannot be, as that is the end of the client.</param>
    public MessageReceived Take(Message message, MessageKey? key, Action kept)
    {
        var number = Interlocked.Increment(ref _lastNumber);
        var pending = new StoredPending(journal, number, isKept: false);
        journal.Add(
            new MessageTaken(new StoredArrival(number, XmlStreamWriter.ToText(message), key?.ToString())),
            error =>
            {
                if (error is null)
                {
                    pending.Kept();
                    kept();
                }
            });
        return new MessageReceived(message) { Pending = pending };
    }

    /// <summary>A stanza is dealt with, all of it, once what was added before is kept.</summary>
    public void Count(ReceivedStanzas received, ulong number) => journal.Add(
        new StanzasHandled(received.Count(number)),
        error =>
        {
            if (error is null)
            {
                received.Handle(number);
            }
        });

    /// <summary>A session has begun.</summary>
    public void Begin(ManagedStream? managed, Jid jid)
    {
        if (managed?.ResumeId is { } id)
        {
            journal.Add(new SessionSaved(new StoredSession(id, jid, managed.Location, Handled: 0)));
        }
    }

    /// <summary>It is over, and cannot be resumed.</summary>
    public void Forget() => journal.Add(new SessionForgotten());
}
