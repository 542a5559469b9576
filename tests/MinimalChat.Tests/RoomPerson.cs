namespace MinimalChat.Tests;

/// <summary>Somebody in the room on XMPP, on a server of the test.</summary>
internal sealed class RoomPerson(TestUser user, Jid room, IEnumerable<Message> history) : IAsyncDisposable
{
    private readonly Queue<Message> _history = new(history);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public TestUser User { get; } = user;

    /// <param name="hearsHistory">Whether what was said before is heard first.</param>
    public static async Task<RoomPerson> EnterAsync(XmppTestServer server, string name, bool hearsHistory = false)
    {
        var user = await server.LoginAsync(name, Token);
        var room = Jid.Parse($"lobby@conference.{server.Domain}");
        var joined = await user.JoinAsync(room, name, cancellationToken: Token);
        return new RoomPerson(user, room, hearsHistory ? joined.History : []);
    }

    public Task SayAsync(string body) => User.SendAsync(new Message { To = room, Type = MessageType.Groupchat, Body = body }, Token);

    /// <summary>The next message of somebody else.</summary>
    public async Task<(string Nick, string Body)> HearAsync()
    {
        while (true)
        {
            if ((_history.TryDequeue(out var earlier) ? earlier : await User.ReceiveAsync(Token)) is { Body: { } body, From.Resource: { } nick } && nick != User.Jid.Local)
            {
                return (nick, body);
            }
        }
    }

    /// <summary>What others say until that is said.</summary>
    public async Task<(string Nick, string Body)[]> HearUntilAsync(string last)
    {
        List<(string Nick, string Body)> heard = [];
        do
        {
            heard.Add(await HearAsync());
        }
        while (heard[^1].Body != last);
        return [.. heard];
    }

    public ValueTask DisposeAsync() => User.DisposeAsync();
}
