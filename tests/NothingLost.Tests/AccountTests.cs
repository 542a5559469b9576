namespace XmppChatClient.NothingLost.Tests;

/// <summary>A sweep is worth no more than what it would notice.</summary>
public sealed class AccountTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2")]
    [InlineData("9")]
    public async Task What_comes_twice_or_was_never_sent_is_noticed(string number)
    {
        await using var scene = await TestScene.StartAsync();
        await ExchangeAsync(scene, 3);
        await SendFromStrangerAsync(scene, number);
        await ExchangeAsync(scene, 1);
        var account = Account.Of(scene.Conversation.Peer, scene.Conversation.Subject);
        Assert.Equal([int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)], account.Doubled);
        Assert.False(account.IsHonest);
    }

    [Fact]
    public async Task What_was_acknowledged_and_never_came_is_noticed()
    {
        await using var scene = await TestScene.StartAsync();
        await ExchangeAsync(scene, 2);
        await using var elsewhere = await scene.Server.LoginAsync("elsewhere", Token);
        await scene.Conversation.Peer.SendAsync(elsewhere.Jid, 1, Token);
        await elsewhere.ReceiveAsync(Token);
        var account = Account.Of(scene.Conversation.Peer, scene.Conversation.Subject);
        Assert.Equal([3], account.Missing);
        Assert.Equal(2, account.Arrived);
        Assert.False(account.IsHonest);
    }

    [Fact]
    public async Task What_was_forgotten_is_noticed_when_it_comes_again()
    {
        await using var scene = await TestScene.StartAsync();
        await ExchangeAsync(scene, 3);
        scene.Conversation.Forget();
        await SendFromStrangerAsync(scene, "3");
        await ExchangeAsync(scene, 1);
        Assert.Equal([3], Account.Of(scene.Conversation.Peer, scene.Conversation.Subject).Doubled);
    }

    private static async Task SendFromStrangerAsync(TestScene scene, string number)
    {
        // The server has dealt with what a user sent who has left in good order.
        await using var stranger = await scene.Server.LoginAsync("stranger", Token);
        await stranger.SendAsync(scene.Conversation.Subject.Address, number, Token);
    }

    private static Task ExchangeAsync(TestScene scene, int messages) =>
        scene.Conversation.ExchangeAsync(messages, isSafe: true, Token).WaitAsync(Hang.Limit, Token);
}
