using Microsoft.Data.Sqlite;

namespace XmppChatClient.Storage.Sqlite.Tests;

/// <summary>A file for a store, in a folder of its own.</summary>
public sealed class StoreFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("store-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "bot.db");

    /// <summary>What another program may do to it.</summary>
    public void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();

        // Only what a test says.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
