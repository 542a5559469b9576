using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests.Rooms;

/// <summary>A server with a room that crone owns, and others come to. In what it sends and compares, the room's address is
/// <c>cave</c>.</summary>
internal sealed class RoomScene : IAsyncDisposable
{
    private readonly List<TestUser> _users = [];
    private int _ids;

    private RoomScene(XmppTestServer server, TestRoomOptions? options)
    {
        Server = server;
        Room = options is null
            ? new Jid("cave", server.Rooms.Domain, null)
            : server.AddRoom("cave", options with { Owners = [server.AddAccount("crone").Jid] });
    }

    public XmppTestServer Server { get; }

    public Jid Room { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="options">Null: there is no room yet.</param>
    /// <param name="archive">Whether there are archives, which add their ids to what is compared.</param>
    public static async Task<RoomScene> StartAsync(
        TestRoomOptions? options, XmppTestServerOptions? server = null, bool archive = false) => new(
        await XmppTestServer.StartAsync(
            (server ?? new XmppTestServerOptions()) with { Archive = new ArchiveOptions { Offer = archive } }, Token),
        options);

    public async Task<TestUser> LoginAsync(string name)
    {
        var user = await Server.LoginAsync(name, Token);
        _users.Add(user);
        return user;
    }

    /// <summary>Logs in and enters, under the account's name.</summary>
    public async Task<TestUser> EnterAsync(string name)
    {
        var user = await LoginAsync(name);
        await user.JoinAsync(Room, user.Jid.Local!, cancellationToken: Token);
        return user;
    }

    /// <summary>Sends what may name the room <c>cave</c>.</summary>
    public Task SendAsync(TestUser user, string xml) => user.SendXmlAsync(Long(xml), Token);

    /// <summary>The next element.</summary>
    public async Task<string> NextAsync(TestUser user) => Short(await user.ReceiveXmlAsync(Token));

    /// <summary>The next elements.</summary>
    public async Task<string[]> NextAsync(TestUser user, int count)
    {
        var elements = new string[count];
        for (var i = 0; i < count; i++)
        {
            elements[i] = await NextAsync(user);
        }

        return elements;
    }

    /// <summary>Asks the room; the answer's payload, or its error as type and condition.</summary>
    public Task<string> AskAsync(TestUser user, string type, string payload) => AskAsync(user, "cave", type, payload);

    public async Task<string> AskAsync(TestUser user, string to, string type, string payload)
    {
        var answer = await user.RequestAsync(
            new Iq(type == "set" ? IqType.Set : IqType.Get, XmppElement.Parse(Long(payload))) { To = Jid.Parse(Long(to)) },
            Token);
        return answer.Error is { } error ? Name(error) : answer.Payload is XmppElement element ? Short(element) : "";
    }

    /// <summary>Sends a message or presence that is refused; the error's type and condition.</summary>
    public async Task<string> RefusalAsync(TestUser user, string xml)
    {
        var id = $"r{++_ids}";
        await SendAsync(user, xml.Insert(xml.IndexOf(' '), $" id='{id}'"));
        XmppElement element;
        do
        {
            element = await user.ReceiveXmlAsync(Token);
        }
        while (element.Attribute("id") != id || element.Attribute("type") != "error");

        return Name(StanzaError.Read(element.Element(StanzaError.Name)!)!);
    }

    /// <summary>Fails if there is anything that the user has got and not taken.</summary>
    public static async Task NothingAsync(TestUser user) => Assert.Empty(await user.GotAsync());

    public static string Name(StanzaError error) => $"{error.Type} {error.Condition}";

    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users)
        {
            await user.DisposeAsync();
        }

        await Server.DisposeAsync();
    }

    private string Long(string xml) => xml.Replace("cave", Room.ToString(), StringComparison.Ordinal);

    private string Short(XmppElement element) => element.ToText().Replace(Room.ToString(), "cave", StringComparison.Ordinal);
}
