using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using XmppChatClient.CatchUp;
using XmppChatClient.TestSupport;

namespace XmppChatClient.Storage.Sqlite.Tests;

public sealed class SqliteStoreTests : IDisposable
{
    private static readonly Jid Account = Jid.Parse("bot@example.org");

    private readonly StoreFile _file = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Only_its_owner_can_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            // It has other rights.
            return;
        }

        var store = new SqliteStore(_file.Path);
        await store.OpenAsync(Account, Token);
        await store.WriteAsync([new NoteSet("a", "1")], Token);
        Assert.All(
            Directory.EnumerateFiles(Path.GetDirectoryName(_file.Path)!),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode));
        await store.CloseAsync();
    }

    [Fact]
    public async Task All_changes_are_made_or_none()
    {
        var store = new SqliteStore(_file.Path);
        await store.OpenAsync(Account, Token);
        var taken = new MessageTaken(new StoredArrival(1, "<message/>", null));
        await Assert.ThrowsAsync<XmppStoreException>(
            () => store.WriteAsync([new NoteSet("a", "1"), taken, taken], Token).AsTask());
        await store.WriteAsync([new NoteSet("b", "1")], Token);
        await store.CloseAsync();
        var state = await store.OpenAsync(Account, Token);
        Assert.Equal("b", Assert.Single(state.Notes).Key);
        Assert.Empty(state.Arrivals);
        await store.CloseAsync();
    }

    [Fact]
    public async Task Two_processes_cannot_hold_it()
    {
        var first = new SqliteStore(_file.Path);
        await first.OpenAsync(Account, Token);
        Assert.Equal($"The store {_file.Path} is in use by another process.", await FailAsync());
        await first.CloseAsync();
        await OpenAsync();
    }

    [Fact]
    public async Task File_of_no_database_is_refused_and_left_alone()
    {
        await File.WriteAllTextAsync(_file.Path, new string('x', 5_000), Token);
        Assert.Equal(
            $"The store {_file.Path} is damaged, or no store: move it away to begin with an empty one.", await FailAsync());
        Assert.Equal(new string('x', 5_000), await File.ReadAllTextAsync(_file.Path, Token));
    }

    [Fact]
    public async Task Damaged_file_is_refused()
    {
        var store = new SqliteStore(_file.Path);
        await store.OpenAsync(Account, Token);
        var text = new string('y', 2_000);
        await store.WriteAsync(
            [.. Enumerable.Range(1, 100).Select(n => new MessageTaken(new StoredArrival(n, $"<message>{text}</message>", null)))], Token);
        await store.CloseAsync();

        // What is in the middle of it, as a bad disk would.
        var bytes = await File.ReadAllBytesAsync(_file.Path, Token);
        bytes.AsSpan(bytes.Length / 2, 20_000).Fill(0xA5);
        await File.WriteAllBytesAsync(_file.Path, bytes, Token);
        Assert.StartsWith($"The store {_file.Path} is damaged", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_of_another_program_is_refused()
    {
        _file.Run("CREATE TABLE recipes (name TEXT)");
        Assert.Equal($"The store {_file.Path} is the database of another program.", await FailAsync());
    }

    [Fact]
    public async Task File_of_a_newer_program_is_refused()
    {
        await OpenAsync();
        _file.Run("PRAGMA user_version = 99");
        Assert.Equal(
            $"The store {_file.Path} is of version 99, and this program knows up to 1: it was made by a newer one.",
            await FailAsync());
    }

    [Theory]
    [InlineData("INSERT INTO session VALUES (1, 'id', 'no address @@', NULL, 0)")]
    [InlineData("INSERT INTO session VALUES (1, 'id', 'a@b/c', NULL, -1)")]
    [InlineData("INSERT INTO outgoing VALUES (1, '<message/>', 999999999999999999, NULL, 0)")]
    [InlineData("INSERT INTO outgoing VALUES (1, '<message/>', 0, 99999999999, 0)")]
    [InlineData("DROP TABLE note")]
    public async Task What_cannot_be_is_refused(string sql)
    {
        await OpenAsync();
        _file.Run(sql);
        Assert.StartsWith($"The store {_file.Path} ", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_folder_is_named()
    {
        var store = new SqliteStore(Path.Combine(Path.GetDirectoryName(_file.Path)!, "none", "bot.db"));
        var error = await Assert.ThrowsAsync<XmppStoreException>(() => store.OpenAsync(Account, Token).AsTask());
        Assert.Contains("none", error.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be opened", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_is_no_store()
    {
        var store = new SqliteStore(Path.GetDirectoryName(_file.Path)!);
        await Assert.ThrowsAsync<XmppStoreException>(() => store.OpenAsync(Account, Token).AsTask());
    }

    [Theory]
    [InlineData("<presence xmlns='jabber:client'/>")]
    [InlineData("<message xmlns='jabber:client'>")]
    [InlineData("no XML")]
    public async Task Client_does_not_begin_with_a_store_that_holds_no_messages(string xml)
    {
        var store = new SqliteStore(_file.Path);
        await store.OpenAsync(Account, Token);
        await store.WriteAsync([new MessageTaken(new StoredArrival(1, xml, null))], Token);
        await store.CloseAsync();
        await using var client = new XmppClient(
            new XmppClientOptions { Jid = Account, Password = "x", Store = store, Host = "127.0.0.1", Port = 1 });
        var error = await Assert.ThrowsAsync<XmppStoreException>(() => client.ConnectAsync(Token));
        Assert.StartsWith("The store holds what is no message", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_goes_on_where_a_killed_one_ended()
    {
        await using var server = await XmppTestServer.StartAsync(Token);
        await using var juliet = await server.LoginAsync("juliet", Token);
        var account = server.AddAccount("bot");
        await using var killed = await BotProcess.StartAsync(server, account, new SqliteStore(_file.Path));
        await juliet.SendAsync(account.Jid, "1", Token);
        await killed.EventAsync<MessageReceived>();
        await killed.Client.SendAsync(juliet.Jid, "2", Token);
        Assert.Equal("2", (await juliet.ReceiveAsync(Token)).Body);
        await killed.KillAsync();

        await using var next = await BotProcess.StartAsync(server, account, new SqliteStore(_file.Path) { FlushToDisk = false });
        Assert.Equal("1", (await next.EventAsync<MessageReceived>()).Message.Body);
        await next.Client.SendAsync(juliet.Jid, "3", Token);
        Assert.Equal("3", (await juliet.ReceiveAsync(Token)).Body);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("false", false)]
    public void Host_uses_it_and_catches_up(string? catchUp, bool doesSo)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Xmpp:Jid"] = "bot@example.org";
        builder.Configuration["Xmpp:Password"] = "x";
        builder.Configuration["Xmpp:CatchUp"] = catchUp;
        builder.Services.AddXmppSqliteStore(_file.Path);
        XmppClientOptions? options = null;
        builder.Services.AddXmppClient(o => options = o);
        using var host = builder.Build();
        var client = host.Services.GetRequiredService<XmppClient>();
        Assert.IsType<SqliteStore>(options!.Store);
        Assert.Equal(doesSo, client.Find<CatchUpModule>() is not null);
    }

    private async Task OpenAsync()
    {
        var store = new SqliteStore(_file.Path);
        await store.OpenAsync(Account, Token);
        await store.CloseAsync();
    }

    private async Task<string> FailAsync() =>
        (await Assert.ThrowsAsync<XmppStoreException>(OpenAsync)).Message;
}
