using Microsoft.Data.Sqlite;

namespace XmppChatClient.Storage;

/// <summary>The open file, held by this process alone. For one thread at a time.</summary>
internal sealed class StoreDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private SqliteTransaction? _transaction;

    private StoreDatabase(SqliteConnection connection) => _connection = connection;

    public static StoreDatabase Open(string path, bool flushToDisk)
    {
        CreatePrivate(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,

            // A pooled connection would go on holding the file.
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        var database = new StoreDatabase(connection);
        try
        {
            connection.Open();

            // Before anything is read: held from the first lock to the end, and the log's index in memory, not in a file.
            database.Run("PRAGMA locking_mode = EXCLUSIVE");
            database.Run("PRAGMA journal_mode = WAL");
            database.Run($"PRAGMA synchronous = {(flushToDisk ? "FULL" : "NORMAL")}");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Runs what gives nothing.</summary>
    public void Run(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Command(sql, parameters).ExecuteNonQuery();

    /// <summary>The first value that it gives; <see langword="null"/> for none.</summary>
    public object? Value(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Command(sql, parameters).ExecuteScalar() is var value and not DBNull ? value : null;

    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var reader = Command(sql, []).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Does all of it or nothing.</summary>
    public void InTransaction(Action action)
    {
        using var transaction = _connection.BeginTransaction();
        _transaction = transaction;
        try
        {
            action();
            transaction.Commit();
        }
        finally
        {
            _transaction = null;
        }
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    // Each is prepared once: there are few of them.
    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            _commands.Add(sql, command);
        }

        command.Transaction = _transaction;
        command.Parameters.Clear();
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    // Messages are nobody else's to read. SQLite gives the files it makes beside this one the same rights.
    private static void CreatePrivate(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(path, options).Dispose();
    }
}
