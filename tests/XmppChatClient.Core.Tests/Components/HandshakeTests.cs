using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using XmppChatClient.Streams;

namespace XmppChatClient.Core.Tests.Components;

public sealed class HandshakeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<ScriptSplit> Splits => [.. Enum.GetValues<ScriptSplit>()];

    [Theory, MemberData(nameof(Splits))]
    public async Task Component_shakes_hands_and_is_its_domain(ScriptSplit split)
    {
        var server = new ScriptedServer(ComponentScripts.Login, split);
        await using var client = await server.ConnectAsync(Token);
        Assert.True(client.IsComponent);
        Assert.Equal(SessionState.Online, client.State);
        Assert.Equal("quiz.example.org", client.Jid.ToString());
        await client.CloseAsync(Token);

        // No presence, and nothing else, between the handshake and the end.
        Assert.EndsWith("</handshake></stream:stream>", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_secret_is_an_authentication_error()
    {
        var error = await FailAsync<XmppAuthenticationException>(ComponentScripts.Handshake + ComponentScripts.Error("not-authorized"));
        Assert.Equal("not-authorized", error.Condition);
        Assert.Contains("secret", error.Message, StringComparison.Ordinal);
        Assert.Contains("quiz.example.org", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Conflict_may_be_over_later()
    {
        var error = await FailAsync<XmppStreamException>(ComponentScripts.Handshake + ComponentScripts.Error("conflict"));
        Assert.Equal(StreamErrorCondition.Conflict, error.Error.Condition);
        Assert.Contains("connected already", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Theory]
    [InlineData("id='3BF96D32' ")]
    [InlineData("id='' ")]
    [InlineData("")]
    public async Task Unknown_domain_is_said_so_with_an_id_or_without(string id)
    {
        var error = await FailAsync<XmppStreamException>(
            ComponentScripts.Header.Replace("id='3BF96D32'", id, StringComparison.Ordinal) + ComponentScripts.Error("host-unknown"));
        Assert.Equal(StreamErrorCondition.HostUnknown, error.Error.Condition);
        Assert.Contains("knows no component quiz.example.org", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Theory]
    [InlineData("", "</stream:stream>")]
    [InlineData("id=''", "</stream:stream>")]
    [InlineData("", "<message/>")]
    public async Task Stream_without_an_id_gets_no_handshake(string id, string rest)
    {
        var server = new ScriptedServer(
            ComponentScripts.Header.Replace("id='3BF96D32'", id, StringComparison.Ordinal) + $"C: </stream:stream>\nS: {rest}");
        var error = await FailAsync<XmppProtocolException>(server);
        Assert.Contains("127.0.0.1:5347", error.Message, StringComparison.Ordinal);
        Assert.Contains("no id", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("handshake", server.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request")]
    [InlineData("<html><body>hello</body></html>")]
    [InlineData("<!DOCTYPE html>")]
    [InlineData("<stream:stream xmlns='jabber:component:accept' xmlns:stream='urn:other' id='1'>")]
    public async Task Answer_that_is_no_stream_names_who_gave_it(string answer)
    {
        var error = await FailAsync<XmppProtocolException>($"C: to='quiz.example.org'\nS: {answer}");
        Assert.Contains("127.0.0.1:5347", error.Message, StringComparison.Ordinal);
        Assert.Contains("XEP-0114", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<stream:features/>")]
    [InlineData("<message from='a@example.org' to='quiz.example.org'><body>too early</body></message>")]
    [InlineData("<handshake xmlns='jabber:client'/>")]
    public async Task Anything_else_than_a_handshake_ends_it(string answer) =>
        await FailAsync<XmppProtocolException>($"{ComponentScripts.Handshake}S: {answer}");

    [Fact]
    public async Task Server_that_hangs_up_is_a_lost_connection() =>
        await FailAsync<XmppConnectionException>(ComponentScripts.Handshake + "S: !cut");

    [Fact]
    public async Task Secret_comes_from_the_first_line_of_its_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "hush\nand more\n", Token);
        var server = new ScriptedServer(ComponentScripts.Login);
        await using var client = new XmppClient(server.Options(o => (o.Secret, o.SecretFile) = (null, file)));
        await client.ConnectAsync(Token);
        File.Delete(file);

        await using var other = new XmppClient(new ScriptedServer(ComponentScripts.Login).Options(o =>
        {
            (o.Secret, o.SecretFile) = (null, file);
            File.WriteAllText(file, "");
        }));
        var error = await Assert.ThrowsAsync<XmppAuthenticationException>(() => other.ConnectAsync(Token));
        Assert.StartsWith("SecretFile is empty", error.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not-authorized")]
    public async Task Nothing_secret_is_logged(string refusal)
    {
        var logs = new FakeLogCollector();
        using var factory = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(logs)));
        var server = new ScriptedServer(refusal.Length == 0
            ? ComponentScripts.Login : ComponentScripts.Handshake + ComponentScripts.Error(refusal));
        await using var client = new XmppClient(server.Options(o => o.LoggerFactory = factory));
        var error = await Record.ExceptionAsync(() => client.ConnectAsync(Token));
        await client.CloseAsync(Token);
        var digest = ComponentScripts.Handshake.Split('>')[^2].Split('<')[0];
        Assert.Equal(40, digest.Length);
        var all = new StringBuilder().AppendJoin('\n', logs.GetSnapshot().Select(r => r.Message + r.Exception)).Append(error).ToString();
        Assert.Contains("handshake", all, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", all, StringComparison.Ordinal);
        Assert.DoesNotContain(digest, all, StringComparison.Ordinal);
    }

    private static Task<TError> FailAsync<TError>(string script)
        where TError : XmppException => FailAsync<TError>(new ScriptedServer(script));

    private static async Task<TError> FailAsync<TError>(ScriptedServer server)
        where TError : XmppException
    {
        await using var client = new XmppClient(server.Options(configure: null));
        var error = await Assert.ThrowsAsync<TError>(() => client.ConnectAsync(Token).WaitAsync(Hang.Limit, Token));
        Assert.Equal(SessionState.Idle, client.State);
        return error;
    }
}
