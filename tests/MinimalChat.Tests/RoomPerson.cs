namespace MinimalChat.Tests;

/// <summary>Somebody in the room on XMPP, on a server of the test.</summary>
internal sealed class RoomPerson(TestUser user, Jid room) : IAsyncDisposable
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public TestUser User { get; } = user;

    public static async Task<RoomPerson> EnterAsync(XmppTestServer server, string name)
    {
        var user = await server.LoginAsync(name, Token);
        var room = Jid.Parse($"lobby@conference.{server.Domain}");
        await user.JoinAsync(room, name, cancellationToken: Token);
        return new RoomPerson(user, room);
    }

    public Task SayAsync(string body) => User.SendAsync(new Message { To = room, Type = MessageType.Groupchat, Body = body }, Token);

    /// <summary>The next message of somebody else.</summary>
    public async Task<(string Nick, string Body)> HearAsync()
    {
        while (true)
        {
            if (await User.ReceiveAsync(Token) is { Body: { } body, From.Resource: { } nick } && nick != User.Jid.Local)
            {
                return (nick, body);
            }
        }
    }

    public ValueTask DisposeAsync() => User.DisposeAsync();
}
