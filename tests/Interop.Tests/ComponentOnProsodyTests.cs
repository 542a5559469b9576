using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Streams;

namespace XmppChatClient.Interop.Tests;

public sealed class ComponentOnProsodyTests(SharedServers servers) : ComponentTests(servers, ServerKind.Prosody)
{
    [Fact]
    public async Task Second_component_waits_until_the_first_is_gone()
    {
        var first = await StartAsync();
        await using var second = new XmppClient(await ComponentAsync());
        var error = await Assert.ThrowsAsync<XmppStreamException>(() => second.ConnectAsync(Token));
        Assert.Equal(StreamErrorCondition.Conflict, error.Error.Condition);
        Assert.True(error.IsTransient);
        await first.Client.CloseAsync(Token);
        await second.ConnectAsync(Token);
        await first.DisposeAsync();
    }
}
