using System.Globalization;

namespace XmppChatClient.Storage;

/// <summary>The tables, and what says that they are ours.</summary>
internal static class StoreSchema
{
    /// <summary>Goes up with each change of the tables; an older file is then brought up to it when it is opened.</summary>
    public const long Version = 1;

    // "XmCC", in the place that SQLite has for it.
    private const long Application = 0x586D4343;

    private const string Tables = """
        CREATE TABLE account (jid TEXT NOT NULL) STRICT;
        CREATE TABLE outgoing (
            number INTEGER PRIMARY KEY, xml TEXT NOT NULL, queued_at INTEGER NOT NULL, position INTEGER,
            may_have_arrived INTEGER NOT NULL) STRICT;
        CREATE TABLE incoming (number INTEGER PRIMARY KEY, xml TEXT, key TEXT) STRICT;
        CREATE TABLE session (
            one INTEGER PRIMARY KEY CHECK (one = 1), resume_id TEXT NOT NULL, jid TEXT NOT NULL, location TEXT,
            handled INTEGER NOT NULL) STRICT;
        CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """;

    /// <summary>Sees to it that the file has the tables of this version, and is of that account.</summary>
    /// <exception cref="StoreFormatException">It has other tables, or is another's.</exception>
    public static void Prepare(StoreDatabase database, Jid account)
    {
        var application = Number(database, "PRAGMA application_id");
        var version = Number(database, "PRAGMA user_version");
        if (application == 0 && version == 0 && Number(database, "SELECT count(*) FROM sqlite_schema") == 0)
        {
            database.InTransaction(() => Create(database, account));
            return;
        }

        if (application != Application)
        {
            throw new StoreFormatException("is the database of another program.");
        }

        if (database.Value("PRAGMA quick_check(1)") is string problem and not "ok")
        {
            throw new StoreFormatException($"is damaged: {problem}.");
        }

        if (version > Version)
        {
            throw new StoreFormatException(
                $"is of version {version}, and this program knows up to {Version}: it was made by a newer one.");
        }

        if (database.Value("SELECT jid FROM account") as string is var owner && owner != account.ToString())
        {
            throw new StoreFormatException($"belongs to {owner}, not to {account}: each account has its own.");
        }
    }

    private static void Create(StoreDatabase database, Jid account)
    {
        database.Run(Tables);
        database.Run("INSERT INTO account (jid) VALUES ($jid)", ("$jid", account.ToString()));
        database.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {Application}"));
        database.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
    }

    private static long Number(StoreDatabase database, string sql) => (long)database.Value(sql)!;
}
