namespace XmppChatClient.Storage;

/// <summary>Writes changes.</summary>
internal sealed class StoreWriter(StoreDatabase database)
{
    private const long Window = 10_000;

    // Not at each of them.
    private const long TrimEvery = 64;

    /// <summary>All of them or none.</summary>
    public void Write(IReadOnlyList<StoreChange> changes) => database.InTransaction(() =>
    {
        foreach (var change in changes)
        {
            Write(change);
        }
    });

    private void Write(StoreChange change)
    {
        switch (change)
        {
            case MessageQueued { Message: var message }:
                database.Run(
                    """
                    INSERT INTO outgoing (number, xml, queued_at, position, may_have_arrived)
                    VALUES ($number, $xml, $at, $position, $may)
                    """,
                    ("$number", message.Number), ("$xml", message.Xml), ("$at", message.QueuedAt.ToUnixTimeMilliseconds()),
                    ("$position", (long?)message.Position), ("$may", message.MayHaveArrived ? 1L : 0L));
                break;
            case MessagePlaced placed:
                database.Run(
                    "UPDATE outgoing SET position = $position, may_have_arrived = $may WHERE number = $number",
                    ("$number", placed.Number), ("$position", (long?)placed.Position),
                    ("$may", placed.MayHaveArrived ? 1L : 0L));
                break;
            case MessageSettled settled:
                database.Run("DELETE FROM outgoing WHERE number = $number", ("$number", settled.Number));
                break;
            case SessionSaved { Session: var session }:
                database.Run(
                    """
                    INSERT OR REPLACE INTO session (one, resume_id, jid, location, handled)
                    VALUES (1, $id, $jid, $location, $handled)
                    """,
                    ("$id", session.ResumeId), ("$jid", session.Jid.ToString()), ("$location", session.Location),
                    ("$handled", (long)session.Handled));
                break;
            case SessionForgotten:
                database.Run("DELETE FROM session");
                database.Run("UPDATE outgoing SET position = NULL, may_have_arrived = 1 WHERE position IS NOT NULL");
                break;
            case StanzasHandled handled:
                database.Run("UPDATE session SET handled = $handled", ("$handled", (long)handled.Count));
                break;
            case MessageTaken { Arrival: var arrival }:
                database.Run(
                    "INSERT INTO incoming (number, xml, key) VALUES ($number, $xml, $key)",
                    ("$number", arrival.Number), ("$xml", arrival.Xml), ("$key", arrival.Key));
                break;
            case MessageHandled handled:
                database.Run("UPDATE incoming SET xml = NULL WHERE number = $number", ("$number", handled.Number));
                Trim(handled.Number);
                break;
            case NoteSet { Value: { } value } note:
                database.Run(
                    "INSERT OR REPLACE INTO note (name, value) VALUES ($name, $value)", ("$name", note.Name), ("$value", value));
                break;
            case NoteSet note:
                database.Run("DELETE FROM note WHERE name = $name", ("$name", note.Name));
                break;
        }
    }

    private void Trim(long number)
    {
        if (number % TrimEvery == 0)
        {
            database.Run("DELETE FROM incoming WHERE xml IS NULL AND number <= $last", ("$last", number - Window));
        }
    }
}
