using System.Text;
using XmppChatClient.Sasl;

namespace XmppChatClient.Tests.Sasl;

public sealed class OneMessageMechanismTests
{
    private static readonly SaslLink Encrypted = new() { IsEncrypted = true };

    public static TheoryData<string> Names => ["PLAIN", "EXTERNAL", "ANONYMOUS"];

    // RFC 4616 §4.
    [Theory]
    [InlineData(null, "tim", "tanstaaftanstaaf", "\0tim\0tanstaaftanstaaf")]
    [InlineData("Ursel", "Kurt", "xipj3plmq", "Ursel\0Kurt\0xipj3plmq")]
    [InlineData("", "zoë", "πένα", "\0zoë\0πένα")]
    public void Plain_sends_identity_name_and_password_between_nuls(string? identity, string username, string password, string expected)
    {
        var credentials = new SaslCredentials { Username = username, Password = password, AuthorizationIdentity = identity };

        Assert.Equal(expected, new PlainMechanism(credentials, Encrypted).StartText());
    }

    [Fact]
    public void Plain_is_refused_over_a_link_without_tls()
    {
        var credentials = new SaslCredentials { Username = "tim", Password = "tanstaaftanstaaf" };

        var error = Assert.Throws<XmppSecurityException>(() => new PlainMechanism(credentials, new SaslLink()));
        Assert.DoesNotContain("tanstaaf", error.Message, StringComparison.Ordinal);
    }

    // Not InlineData: metadata is UTF-8, which has no place for half a surrogate pair.
    public static TheoryData<string?, string, string> BadCredentials => new()
    {
        { null, "tim", "a\0b" },
        { null, "tim\0", "ab" },
        { "x\0", "tim", "ab" },
        { null, "", "ab" },
        { null, "tim", "" },
        { null, "tim", "\ud800" },
    };

    [Theory]
    [MemberData(nameof(BadCredentials), DisableDiscoveryEnumeration = true)]
    public void Plain_refuses_what_would_move_its_separators(string? identity, string username, string password)
    {
        var credentials = new SaslCredentials { Username = username, Password = password, AuthorizationIdentity = identity };

        Assert.Throws<ArgumentException>(() => new PlainMechanism(credentials, Encrypted));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("juliet@capulet.example", "juliet@capulet.example")]
    public void External_sends_the_identity_or_an_empty_response(string? identity, string expected)
    {
        var response = new ExternalMechanism(identity).Start();

        Assert.NotNull(response);
        Assert.Equal(expected, Encoding.UTF8.GetString(response.Value.Span));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("sirhc", "sirhc")]
    public void Anonymous_sends_its_trace_or_an_empty_response(string? trace, string expected)
    {
        var response = new AnonymousMechanism(trace).Start();

        Assert.NotNull(response);
        Assert.Equal(expected, Encoding.UTF8.GetString(response.Value.Span));
    }

    [Fact]
    public void Trace_holds_255_characters_and_no_more()
    {
        var emoji = string.Concat(Enumerable.Repeat("🖊", 255));

        Assert.Equal(emoji, new AnonymousMechanism(emoji).StartText());
        Assert.Throws<ArgumentException>(() => new AnonymousMechanism(emoji + "x"));
        Assert.Throws<ArgumentException>(() => new AnonymousMechanism("a\nb"));
        Assert.Throws<ArgumentException>(() => new ExternalMechanism("a\0b"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Success_alone_completes(string name)
    {
        var mechanism = Started(name);

        mechanism.CompleteText("");

        Assert.Equal(name, mechanism.Name);
        Assert.Throws<InvalidOperationException>(() => mechanism.CompleteText(""));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Challenge_is_refused(string name)
    {
        var mechanism = Started(name);

        Assert.Throws<XmppSecurityException>(() => mechanism.RespondText(""));
        Assert.Throws<InvalidOperationException>(() => mechanism.CompleteText(""));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Data_with_success_is_refused(string name) =>
        Assert.Throws<XmppSecurityException>(() => Started(name).CompleteText("v=AAAA"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Mechanism_begins_once(string name)
    {
        Assert.Throws<InvalidOperationException>(() => Create(name).CompleteText(""));
        Assert.Throws<InvalidOperationException>(() => Create(name).RespondText(""));
        Assert.Throws<InvalidOperationException>(() => Started(name).Start());
    }

    private static ISaslMechanism Started(string name)
    {
        var mechanism = Create(name);
        mechanism.Start();
        return mechanism;
    }

    private static ISaslMechanism Create(string name) => name switch
    {
        "PLAIN" => new PlainMechanism(new SaslCredentials { Username = "tim", Password = "tanstaaftanstaaf" }, Encrypted),
        "EXTERNAL" => new ExternalMechanism(),
        _ => new AnonymousMechanism(),
    };
}
