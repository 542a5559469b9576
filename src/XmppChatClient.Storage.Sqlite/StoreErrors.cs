using Microsoft.Data.Sqlite;

namespace XmppChatClient.Storage;

/// <summary>Says what SQLite means.</summary>
internal static class StoreErrors
{
    // https://www.sqlite.org/rescode.html
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static XmppStoreException Of(string path, SqliteException error) => new(
        $"The store {path} " + error.SqliteErrorCode switch
        {
            Busy or Locked => "is in use by another process.",
            Corrupt or NotADatabase => "is damaged, or no store: move it away to begin with an empty one.",
            Full => "cannot be written: the disk is full.",
            ReadOnly or Permission => "cannot be written: it is read-only.",
            CannotOpen => "cannot be opened: is there such a folder, and may this process use it?",
            InputOutput => $"cannot be read or written: {error.Message}",
            _ => $"failed: {error.Message}",
        },
        error);
}
