using Microsoft.Data.Sqlite;

namespace XmppChatClient.Storage;

/// <summary>Reads all that is stored.</summary>
internal static class StoreReader
{
    /// <exception cref="StoreFormatException">Something in it cannot be.</exception>
    public static StoredState Read(StoreDatabase database)
    {
        try
        {
            return new StoredState
            {
                Session = database.Rows("SELECT resume_id, jid, location, handled FROM session", ReadSession).SingleOrDefault(),
                Messages = database.Rows(
                    "SELECT number, xml, queued_at, position, may_have_arrived FROM outgoing ORDER BY number", ReadMessage),
                Arrivals = database.Rows("SELECT number, xml, key FROM incoming ORDER BY number", ReadArrival),
                Notes = database.Rows("SELECT name, value FROM note", row => (row.GetString(0), row.GetString(1)))
                    .ToDictionary(StringComparer.Ordinal),
            };
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new StoreFormatException($"is damaged: {e.Message}", e);
        }
    }

    private static StoredSession ReadSession(SqliteDataReader row) =>
        new(row.GetString(0), Jid.Parse(row.GetString(1)), Text(row, 2), Count(row, 3));

    private static StoredMessage ReadMessage(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
        row.IsDBNull(3) ? null : Count(row, 3), row.GetBoolean(4));

    private static StoredArrival ReadArrival(SqliteDataReader row) => new(row.GetInt64(0), Text(row, 1), Text(row, 2));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static uint Count(SqliteDataReader row, int column) => checked((uint)row.GetInt64(column));
}
