using Microsoft.Data.Sqlite;

namespace XmppChatClient.Storage;

/// <summary>A store in a SQLite file. It belongs to one account, and one client at a time holds it. Only its owner can read the
/// file, which holds messages in the clear.</summary>
public sealed class SqliteStore : IXmppStore
{
    private readonly string _path;
    private StoreDatabase? _database;

    /// <param name="path">The file; made, but not its folder, when it is not there. SQLite puts another beside it, with
    /// <c>-wal</c> behind the name: they belong together.</param>
    public SqliteStore(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
    }

    /// <summary>Whether what is written is on the disk before it counts as kept. Default <see langword="true"/>. Otherwise the
    /// system writes it when it sees fit: that is quicker, survives the end of the process, and not always that of the
    /// machine.</summary>
    public bool FlushToDisk { get; init; } = true;

    /// <inheritdoc />
    /// <exception cref="XmppStoreException">The file is damaged, of another program, account or newer version, in use by another
    /// process, or cannot be opened.</exception>
    public ValueTask<StoredState> OpenAsync(Jid account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (_database is not null)
        {
            throw new XmppStoreException($"The store {_path} is in use by another client.");
        }

        try
        {
            var database = StoreDatabase.Open(_path, FlushToDisk);
            try
            {
                StoreSchema.Prepare(database, account.Bare);
                var state = StoreReader.Read(database);
                _database = database;
                return new(state);
            }
            finally
            {
                if (_database is null)
                {
                    database.Dispose();
                }
            }
        }
        catch (SqliteException e)
        {
            throw StoreErrors.Of(_path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new XmppStoreException($"The store {_path} cannot be opened: {e.Message}", e);
        }
        catch (StoreFormatException e)
        {
            throw new XmppStoreException($"The store {_path} {e.Message}", e.InnerException);
        }
    }

    /// <inheritdoc />
    public ValueTask WriteAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var database = _database ?? throw new InvalidOperationException("The store is not open.");
        try
        {
            new StoreWriter(database).Write(changes);
            return ValueTask.CompletedTask;
        }
        catch (SqliteException e)
        {
            throw StoreErrors.Of(_path, e);
        }
    }

    /// <inheritdoc />
    public ValueTask CloseAsync()
    {
        _database?.Dispose();
        _database = null;
        return ValueTask.CompletedTask;
    }
}
