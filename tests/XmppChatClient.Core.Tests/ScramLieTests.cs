using System.Text.RegularExpressions;

namespace XmppChatClient.Core.Tests;

/// <summary>Servers that do not know the password, or would like to (RFC 5802 §9).</summary>
public sealed class ScramLieTests
{
    private const string Challenge = "S: <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{scram-first}</challenge>";
    private const string Success = "S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{scram-final}</success>";
    private const string Bare = "S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
    private const string Final = "S: <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{scram-final}</challenge>";
    private const string Empty = "S: <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("r=.*?,", "r=anothernonce,", "nonce")]
    [InlineData("server,", ",", "nonce")]
    [InlineData("i=4096", "i=4095", "fewer than 4096")]
    [InlineData("i=4096", "i=1", "fewer than 4096")]
    [InlineData("i=4096", "i=0", "iteration count")]
    [InlineData("i=4096", "i=-4096", "iteration count")]
    [InlineData("i=4096", "i=10000001", "more than 10000000")]
    [InlineData("i=4096", "i=99999999999999999999", "more than 10000000")]
    [InlineData("s=[^,]+", "s=***", "salt")]
    [InlineData("^", "m=new,", "")]
    [InlineData(".+", "hello", "")]
    public async Task First_message_with_a_lie_gets_no_proof(string said, string lie, string problem)
    {
        var (error, server) = await FailAsync<XmppSecurityException>(
            Logins.Scram, first => new Regex(said).Replace(first, lie, 1));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<response", server.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v=AAAA", "signature is wrong")]
    [InlineData("v=***", "signature is wrong")]
    [InlineData("v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "signature is wrong")]
    [InlineData("hello", "")]
    public async Task Final_message_with_a_lie_is_no_success(string lie, string problem)
    {
        var (error, _) = await FailAsync<XmppSecurityException>(
            Logins.Scram, said => said.StartsWith("v=", StringComparison.Ordinal) ? lie : said);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("success before any challenge", "before it asked for a proof", Bare)]
    [InlineData("success without its signature", "without its signature", Challenge, "C: </response>", Bare)]
    [InlineData("success after an empty challenge", "", Empty, "C: <response", Bare)]
    [InlineData("one challenge too many", "one more challenge", Challenge, "C: </response>", Final, "C: <response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", Empty)]
    public async Task Exchange_out_of_its_order_is_refused(string what, string problem, params string[] lines)
    {
        var (error, _) = await FailAsync<XmppSecurityException>("C: </auth>\n" + string.Join('\n', lines), said => said);
        Assert.True(error.Message.Contains(problem, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Theory]
    [InlineData("<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>no base64!</challenge>")]
    [InlineData("<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj1h=</challenge>")]
    [InlineData("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>no base64!</success>")]
    [InlineData("<challenge xmlns='jabber:client'>cj1h</challenge>")]
    [InlineData("<success xmlns='urn:xmpp:sasl:2'/>")]
    public Task Answer_of_another_form_is_a_protocol_error(string answer) =>
        FailAsync<XmppProtocolException>("C: </auth>\nS: " + answer, said => said);

    [Fact]
    public async Task Signature_in_a_challenge_of_its_own_is_as_good()
    {
        var server = Logins.Server(
            Logins.Offer + $"C: </auth>\n{Challenge}\nC: </response>\n{Final}\nC: <response\n{Bare}\n" + Logins.Bind);
        await using var client = new XmppClient(server.Options(certificates: null));
        await client.ConnectAsync(Token).Soon();
    }

    [Theory]
    [InlineData("not-authorized", false)]
    [InlineData("temporary-auth-failure", true)]
    [InlineData("invalid-mechanism", false)]
    public async Task Refusal_says_whether_to_try_again(string condition, bool transient)
    {
        var (error, _) = await FailAsync<XmppAuthenticationException>(
            $"C: </auth>\nS: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><{condition}/></failure>", said => said);
        Assert.Equal((condition, transient), (error.Condition, error.IsTransient));
    }

    [Fact]
    public async Task Mechanism_that_is_offered_and_cannot_be_done_is_followed_by_the_next()
    {
        var server = Logins.Server(
            Logins.Offer.Replace("<mechanism>", "<mechanism>SCRAM-SHA-512</mechanism><mechanism>", StringComparison.Ordinal)
            + "C: mechanism='SCRAM-SHA-512'\nC: </auth>\nS: <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><invalid-mechanism/></failure>\n"
            + Logins.Scram + Logins.Bind);
        await using var client = new XmppClient(server.Options(certificates: null));
        await client.ConnectAsync(Token).Soon();
    }

    private static async Task<(TException Error, ScriptedServer Server)> FailAsync<TException>(
        string exchange, Func<string, string> lie)
        where TException : XmppException
    {
        var server = Logins.Server(Logins.Offer + exchange, lie: lie);
        await using var client = new XmppClient(server.Options(certificates: null));
        var error = await Assert.ThrowsAsync<TException>(() => client.ConnectAsync(Token).Soon());
        await server.HungUp.Soon();
        Assert.Equal(SessionState.Idle, client.State);
        Assert.DoesNotContain(Logins.Password, string.Concat(server.SaslOf()) + error, StringComparison.Ordinal);
        return (error, server);
    }
}
