using XmppChatClient.Storage;
using XmppChatClient.Xml;

namespace XmppChatClient.Session;

/// <summary>The messages of the outbox in a store. Whoever calls holds the outbox's lock.</summary>
internal sealed class OutboxStore(Journal journal, long lastNumber)
{
    private long _lastNumber = lastNumber;

    /// <summary>Why nothing can be kept any more.</summary>
    public XmppStoreException? Error => journal.Error;

    /// <exception cref="XmppStoreException">It is no message.</exception>
    public static SendReceipt Read(StoredMessage stored) =>
        new(StoredStanza.ReadMessage(stored.Xml), stored.QueuedAt, stored.Number);

    /// <returns>What names the stanza in the store; 0 for what is not stored: all but messages means nothing to a later
    /// process.</returns>
    public long NumberOf(Stanza stanza) => stanza is Message ? ++_lastNumber : 0;

    /// <summary>Has a new stanza kept.</summary>
    public void Queue(SendReceipt receipt, uint? position, Action<XmppStoreException?> then)
    {
        if (receipt.Number == 0)
        {
            journal.Then(then);
            return;
        }

        journal.Add(
            new MessageQueued(new StoredMessage(
                receipt.Number, XmlStreamWriter.ToText(receipt.Stanza), receipt.SentAt, position, MayHaveArrived: false)),
            then);
    }

    /// <summary>Notes where a message that is kept is now.</summary>
    public void Place(SendReceipt receipt, uint? position, bool mayHaveArrived, Action<XmppStoreException?>? then = null) =>
        journal.Add(new MessagePlaced(receipt.Number, position, mayHaveArrived), then);

    /// <summary>What becomes of it is known.</summary>
    public void Settle(SendReceipt receipt)
    {
        if (receipt.Number != 0)
        {
            journal.Add(new MessageSettled(receipt.Number));
        }
    }
}
