using XmppChatClient.Sasl;

namespace XmppChatClient.Tests.Sasl;

public sealed class ScramLiesTests
{
    private static readonly ScramVector Vector = ScramVector.Sha256;
    private static readonly string Nonce = Vector.ClientNonce;

    [Theory]
    [InlineData("r=anotherNonceAltogether,s=QSXCR+Q6sek8bf92,i=4096", "nonce")]
    [InlineData("r={0},s=QSXCR+Q6sek8bf92,i=4096", "nonce")]
    [InlineData("r=x{0}y,s=QSXCR+Q6sek8bf92,i=4096", "nonce")]
    [InlineData("r={0}\u00e9,s=QSXCR+Q6sek8bf92,i=4096", "nonce")]
    [InlineData("r={0} x,s=QSXCR+Q6sek8bf92,i=4096", "nonce")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=1", "fewer than 4096")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4095", "fewer than 4096")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=10000001", "more than 10000000")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4294971392", "more than 10000000")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=99999999999999999999999999999999999999", "more than 10000000")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=abc", "positive number")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=-4096", "positive number")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=+4096", "positive number")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=04096", "positive number")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i= 4096", "positive number")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=0", "positive number")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=\u0664\u0660\u0669\u0666", "positive number")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf9,i=4096", "base64")]
    [InlineData("r={0}x,s=QSXC R+Q6sek8bf92,i=4096", "base64")]
    [InlineData("r={0}x,s=W22ZaJ0SNY7soEsUEjb6gR==,i=4096", "base64")]
    [InlineData("r={0}x,s=*,i=4096", "base64")]
    [InlineData("r={0}x,s=,i=4096", "malformed")]
    [InlineData("m=ext,r={0}x,s=QSXCR+Q6sek8bf92,i=4096", "m=")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4096,m=ext", "m=")]
    [InlineData("r={0}x,r={0}x,s=QSXCR+Q6sek8bf92,i=4096", "twice")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4096,i=5000", "twice")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4096,z=1,z=2", "twice")]
    [InlineData("r={0}x,i=4096", "without s=")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92", "without i=")]
    [InlineData("s=QSXCR+Q6sek8bf92,i=4096", "without r=")]
    [InlineData("s=QSXCR+Q6sek8bf92,r={0}x,i=4096", "without r=")]
    [InlineData("z=1,r={0}x,s=QSXCR+Q6sek8bf92,i=4096", "without r=")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4096,v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", "does not belong")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4096,e=other-error", "does not belong")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4096,", "malformed")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4096,zz", "malformed")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4096,z=a\0b", "malformed")]
    [InlineData("r={0}x,s=QSXCR+Q6sek8bf92,i=4096,1=a", "malformed")]
    [InlineData("", "malformed")]
    [InlineData(",,,,", "malformed")]
    public void First_message_that_breaks_a_rule_is_refused(string message, string reason)
    {
        var mechanism = Vector.Started();

        var error = Assert.Throws<XmppSecurityException>(
            () => mechanism.RespondText(message.Replace("{0}", Nonce, StringComparison.Ordinal)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void First_message_that_is_not_utf8_is_refused()
    {
        var mechanism = Vector.Started();

        Assert.Throws<XmppSecurityException>(() => mechanism.Respond([(byte)'r', (byte)'=', 0xC3, 0x28]));
    }

    [Theory]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=", "signature")] // a stray bit: not canonical base64
    [InlineData("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "signature")]
    [InlineData("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", "signature")]
    [InlineData("v=AAAA", "signature")]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4= ", "signature")]
    [InlineData("v=!!!!", "signature")]
    [InlineData("v=", "malformed")]
    [InlineData("x=1", "without v=")]
    [InlineData("r=abc,v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "without v=")]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,v=AAAA", "twice")]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,e=other-error", "does not belong")]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,m=ext", "m=")]
    public void Last_message_that_proves_nothing_is_refused_both_ways(string message, string reason)
    {
        var inSuccess = Assert.Throws<XmppSecurityException>(() => Vector.Proved().CompleteText(message));
        var inChallenge = Assert.Throws<XmppSecurityException>(() => Vector.Proved().RespondText(message));

        Assert.Contains(reason, inSuccess.Message, StringComparison.Ordinal);
        Assert.Contains(reason, inChallenge.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_last_challenge_is_refused() =>
        Assert.Throws<XmppSecurityException>(() => Vector.Proved().RespondText(""));

    [Fact]
    public void Success_without_the_signature_is_refused() =>
        Assert.Throws<XmppSecurityException>(() => Vector.Proved().CompleteText(""));

    [Theory]
    [InlineData("")]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")]
    public void Success_before_the_challenge_is_refused(string additionalData) =>
        Assert.Throws<XmppSecurityException>(() => Vector.Started().CompleteText(additionalData));

    [Fact]
    public void Challenge_after_the_last_one_is_refused()
    {
        var mechanism = Vector.Proved();
        mechanism.RespondText(Vector.ServerFinal);

        var error = Assert.Throws<XmppSecurityException>(() => mechanism.RespondText(Vector.ServerFinal));
        Assert.Contains("one more challenge", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_sent_a_second_time_with_success_is_refused()
    {
        var mechanism = Vector.Proved();
        mechanism.RespondText(Vector.ServerFinal);

        Assert.Throws<XmppSecurityException>(() => mechanism.CompleteText(Vector.ServerFinal));
    }

    [Fact]
    public void Success_after_a_refused_signature_cannot_save_the_exchange()
    {
        var mechanism = Vector.Proved();
        Assert.Throws<XmppSecurityException>(() => mechanism.RespondText("v=AAAA"));

        Assert.Throws<InvalidOperationException>(() => mechanism.CompleteText(Vector.ServerFinal));
        Assert.Throws<InvalidOperationException>(() => mechanism.RespondText(Vector.ServerFinal));
    }

    [Theory]
    [InlineData("invalid-proof", "invalid-proof", "username or password")]
    [InlineData("unknown-user", "unknown-user", "username or password")]
    [InlineData("server-does-support-channel-binding", "server-does-support-channel-binding", "may be changing the stream")]
    [InlineData("channel-bindings-dont-match", "channel-bindings-dont-match", "another TLS connection")]
    [InlineData("no-resources", "no-resources", "no-resources")]
    [InlineData("invalid-mechanism", "other-error", "other-error")]
    [InlineData("temporary-auth-failure", "other-error", "other-error")]
    [InlineData("<script>\u001b[31m", "other-error", "other-error")]
    public void Error_of_the_server_becomes_a_refused_login(string sent, string condition, string reason)
    {
        ScramMechanism[] waiting = [Vector.Started(), Vector.Proved()];
        foreach (var mechanism in waiting)
        {
            var error = Assert.Throws<XmppAuthenticationException>(() => mechanism.RespondText("e=" + sent));
            Assert.Equal(condition, error.Condition);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Error_that_comes_with_success_is_still_an_error() =>
        Assert.Throws<XmppAuthenticationException>(() => Vector.Proved().CompleteText("e=invalid-proof"));

    [Fact]
    public void Limits_on_iterations_are_the_ones_of_the_options()
    {
        var options = new ScramOptions { NonceSource = () => Nonce, MinimumIterations = 5_000, MaximumIterations = 5_001 };
        var accepted = Vector.Mechanism(options);
        accepted.Start();
        accepted.RespondText($"r={Nonce}x,s=QSXCR+Q6sek8bf92,i=5001");

        foreach (var iterations in (int[])[4_999, 5_002])
        {
            var refused = Vector.Mechanism(options);
            refused.Start();
            Assert.Throws<XmppSecurityException>(() => refused.RespondText($"r={Nonce}x,s=QSXCR+Q6sek8bf92,i={iterations}"));
        }
    }

    [Fact]
    public void No_message_of_an_error_contains_the_password()
    {
        foreach (var lie in (string[])["", "m=pencil", "e=other-error", "r=x", $"r={Nonce}x,s=QSXCR+Q6sek8bf92,i=1"])
        {
            var error = Assert.ThrowsAny<XmppException>(() => Vector.Started().RespondText(lie));
            Assert.DoesNotContain("pencil", error.ToString(), StringComparison.Ordinal);
        }
    }
}
