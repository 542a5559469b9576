using System.Net;
using System.Net.WebSockets;

namespace MinimalChat.Tests;

public sealed class BadInputTests(BadInputTests.SiteFixture fixture) : IClassFixture<BadInputTests.SiteFixture>
{
    private ChatSite Site => fixture.Site;

    [Theory]
    [InlineData("&cursor=tomorrow")]
    [InlineData("&cursor=-1")]
    [InlineData("&cursor=1.5")]
    [InlineData("&cursor=9223372036854775807")]
    [InlineData("&cursor=9223372036854775808")]
    [InlineData("&cursor=9999999999999")]
    [InlineData("&cursor=0&cursor=0")]
    public async Task Cursor_of_nonsense_is_a_bad_request(string query)
    {
        await using var poll = await PollVisitor.ConnectAsync(Site);
        Assert.Equal(HttpStatusCode.BadRequest, await poll.StatusOfAsync($"/poll?visitor={poll.Id}{query}"));
    }

    [Theory]
    [InlineData("/poll")]
    [InlineData("/poll?visitor=me&cursor=0")]
    [InlineData("/ws")]
    public async Task Question_of_nonsense_is_a_bad_request(string pathAndQuery)
    {
        await using var poll = await PollVisitor.ConnectAsync(Site);
        Assert.Equal(HttpStatusCode.BadRequest, await poll.StatusOfAsync(pathAndQuery));
    }

    [Fact]
    public async Task Message_may_have_8192_bytes_and_no_more()
    {
        await using var speaker = await SocketVisitor.ConnectAsync(Site);
        await using var hearer = await SocketVisitor.ConnectAsync(Site);
        await using var poll = await PollVisitor.ConnectAsync(Site);
        var longest = new string('é', 4_096);
        await speaker.SayAsync(longest);
        Assert.Equal(longest, await hearer.HearAsync());
        Assert.Equal(HttpStatusCode.NoContent, await poll.SayAsync(longest));
        Assert.Equal(longest, await hearer.HearAsync());
        Assert.Equal(longest, await speaker.HearAsync());

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await poll.SayAsync(longest + "x"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await poll.SayAsync(new string('x', 1_000_000)));
        await speaker.SayAsync(longest + "and more");
        Assert.Null(await speaker.HearAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, speaker.ClosedWith);

        // Nothing of those was heard.
        await poll.SayAsync("next");
        Assert.Equal("next", await hearer.HearAsync());
    }

    [Fact]
    public async Task Empty_message_is_none_and_text_that_is_no_text_ends_the_connection()
    {
        await using var speaker = await SocketVisitor.ConnectAsync(Site);
        await using var hearer = await SocketVisitor.ConnectAsync(Site);
        await speaker.SayAsync("");
        await speaker.SayAsync("next");
        Assert.Equal("next", await hearer.HearAsync());
        await speaker.SayAsync((byte[])[0xC3, 0x28]);
        Assert.Null(await speaker.HearAsync());
        await using var another = await SocketVisitor.ConnectAsync(Site);
        await another.SayAsync("and on");
        Assert.Equal("and on", await hearer.HearAsync());
    }

    public sealed class SiteFixture : IAsyncLifetime
    {
        internal ChatSite Site { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Site = await ChatSite.StartAsync();

        public ValueTask DisposeAsync() => Site.DisposeAsync();
    }
}
