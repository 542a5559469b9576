using Microsoft.Extensions.Logging.Testing;

namespace XmppChatClient.Core.Tests;

public sealed class SendingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<Stanza, string> Unnamed => new()
    {
        { new Message { Body = "x" }, "C: <message id='id1'>" },
        { new Presence { Show = PresenceShow.Away }, "C: <presence id='id1'>" },
        { new Presence { Id = "mine" }, "C: <presence id='mine'/>" },
        { new Iq(IqType.Get, new FakePayload()), "C: <iq id='id1' type='get'>" },
    };

    [Theory]
    [MemberData(nameof(Unnamed), DisableDiscoveryEnumeration = true)]
    public async Task Stanza_without_an_id_gets_one(Stanza stanza, string expected)
    {
        var ids = 0;
        var server = new ScriptedServer(TranscriptTests.Login + expected);
        await using var client = new XmppClient(server.Options(o => o.NewId = () => $"id{ids++}"));
        await client.ConnectAsync(Token).Soon();
        await client.SendAsync(stanza, Token);
        await server.Done.Soon();
    }

    [Fact]
    public async Task Module_that_posts_what_cannot_be_sent_is_logged()
    {
        var logs = FakeLogCollector.Create(new FakeLogCollectorOptions());
        var server = new ScriptedServer(TranscriptTests.Login);
        using var provider = new FakeLoggerProvider(logs);
        using var factory = new Microsoft.Extensions.Logging.LoggerFactory([provider]);
        await using var client = new XmppClient(server.Options(o =>
        {
            o.LoggerFactory = factory;
            o.Modules.Add(new FakeModule(m => m.OnPresenceSending(p => p.Status == "!"
                ? throw new NotSupportedException("a module's mistake") : p)));
        }));
        Assert.Throws<ArgumentNullException>(() => client.Post(null!));
        client.Post(new Message { Body = "before there is a session" });
        await client.ConnectAsync(Token).Soon();
        client.Post(new Message { Body = "\0" });
        client.Post(new Presence { Status = "!" });
        Assert.Collection(
            logs.GetSnapshot().Where(r => r.Message.Contains("posted", StringComparison.Ordinal)),
            r => Assert.IsType<ArgumentException>(r.Exception, exactMatch: false),
            r => Assert.IsType<NotSupportedException>(r.Exception));
    }
}
