using XmppChatClient.Sasl;

namespace XmppChatClient.Tests.Sasl;

public sealed class SaslMechanismSelectorTests
{
    private const string Everything =
        "PLAIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS DIGEST-MD5 SCRAM-SHA-256-PLUS SCRAM-SHA-512 EXTERNAL SCRAM-SHA-256 " +
        "ANONYMOUS SCRAM-SHA-512-PLUS";

    private static readonly ChannelBinding Unique = new(ChannelBindingTypes.TlsUnique, new byte[] { 1 });
    private static readonly ChannelBinding EndPoint = new(ChannelBindingTypes.TlsServerEndPoint, new byte[] { 2 });
    private static readonly SaslCredentials User = new() { Username = "user", Password = "pencil" };
    private static readonly SaslCredentials UserWithCertificate =
        new() { Username = "user", Password = "pencil", HasClientCertificate = true };
    private static readonly SaslLink Unbound = new() { IsEncrypted = true };
    private static readonly SaslLink Tls13 = new() { IsEncrypted = true, ChannelBindings = [EndPoint] };
    private static readonly SaslLink Tls12 = new() { IsEncrypted = true, ChannelBindings = [Unique, EndPoint] };
    private static readonly SaslLink Open = new();
    private static readonly SaslPolicy PlainAllowed = new() { AllowPlain = true };

    [Fact]
    public void Strongest_hash_comes_first_without_channel_binding() =>
        Assert.Equal(["SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"], Names(Offer(Everything), Unbound, User));

    [Fact]
    public void Only_plus_mechanisms_are_tried_where_channel_binding_works() =>
        Assert.Equal(
            ["SCRAM-SHA-512-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"],
            Names(Offer(Everything, "tls-server-end-point"), Tls13, User));

    [Fact]
    public void Weak_hash_with_channel_binding_beats_a_strong_one_without() =>
        Assert.Equal(
            ["SCRAM-SHA-1-PLUS"],
            Names(Offer("SCRAM-SHA-512 SCRAM-SHA-1-PLUS SCRAM-SHA-1", "tls-server-end-point"), Tls13, User));

    [Fact]
    public void Client_certificate_comes_before_any_password() =>
        Assert.Equal(
            ["EXTERNAL", "SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"],
            Names(Offer(Everything), Unbound, UserWithCertificate));

    [Fact]
    public void Client_certificate_without_tls_is_none() =>
        Assert.Equal(["SCRAM-SHA-1"], Names(Offer("EXTERNAL SCRAM-SHA-1"), Open, UserWithCertificate));

    [Fact]
    public void Scram_needs_no_tls() =>
        Assert.Equal(["SCRAM-SHA-1"], Names(Offer("SCRAM-SHA-1 PLAIN"), Open, User, PlainAllowed));

    [Fact]
    public void Names_are_compared_exactly() =>
        DeadEnd(new SaslOffer { Mechanisms = ["scram-sha-1", "SCRAM-SHA-1 ", "plain"] }, Unbound, User, PlainAllowed);

    [Theory]
    [InlineData("PLAIN", true)]
    [InlineData("DIGEST-MD5 PLAIN CRAM-MD5", true)]
    [InlineData("PLAIN SCRAM-SHA-1", false)]
    [InlineData("PLAIN ANONYMOUS EXTERNAL", true)]
    public void Plain_is_used_only_when_nothing_better_is_offered(string offered, bool isPlain) =>
        Assert.Equal(isPlain ? ["PLAIN"] : ["SCRAM-SHA-1"], Names(Offer(offered), Unbound, User, PlainAllowed));

    [Fact]
    public void Plain_is_never_used_without_tls_even_when_allowed()
    {
        var error = DeadEnd(Offer("PLAIN"), Open, User, PlainAllowed);

        Assert.Contains("PLAIN is never used without TLS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_does_not_follow_external() =>
        Assert.Equal(["EXTERNAL"], Names(Offer("PLAIN EXTERNAL"), Unbound, UserWithCertificate, PlainAllowed));

    [Fact]
    public void Scram_out_of_reach_still_forbids_plain()
    {
        var error = DeadEnd(Offer("PLAIN SCRAM-SHA-256-PLUS", "tls-exporter"), Unbound, User, PlainAllowed);

        Assert.Contains("SCRAM is offered with channel binding alone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Anonymous_is_used_only_when_asked_for()
    {
        Assert.Equal(["ANONYMOUS"], Names(Offer(Everything), Open, new SaslCredentials { IsAnonymous = true }));

        DeadEnd(Offer("ANONYMOUS"), Unbound, User);
        DeadEnd(Offer("SCRAM-SHA-1"), Unbound, new SaslCredentials { IsAnonymous = true, Username = "user", Password = "pencil" });
    }

    public static TheoryData<string, string?, string, string, string?> Flags => new()
    {
        // mechanisms, announced types, link, first mechanism, its header
        { "SCRAM-SHA-1", null, "unbound", "SCRAM-SHA-1", "n" },
        { "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-exporter", "unbound", "SCRAM-SHA-1", "n" },
        { "SCRAM-SHA-1", null, "1.3", "SCRAM-SHA-1", "y" },
        { "SCRAM-SHA-1", "tls-server-end-point", "1.3", "SCRAM-SHA-1", "y" },
        { "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-exporter tls-server-end-point", "1.3", "SCRAM-SHA-1-PLUS", "p=tls-server-end-point" },
        { "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-server-end-point tls-unique", "1.2", "SCRAM-SHA-1-PLUS", "p=tls-unique" },
        { "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-server-end-point", "1.2", "SCRAM-SHA-1-PLUS", "p=tls-server-end-point" },
        { "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", null, "1.2", "SCRAM-SHA-1-PLUS", "p=tls-unique" },
        { "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", null, "1.3", "SCRAM-SHA-1", "n" },
        { "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-exporter", "1.3", "SCRAM-SHA-1", "n" },
        { "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-unique", "1.3", "SCRAM-SHA-1", "n" },
    };

    [Theory]
    [MemberData(nameof(Flags))]
    public void Header_says_truly_what_both_sides_can(string mechanisms, string? types, string link, string name, string? flag)
    {
        var first = Select(Offer(mechanisms, types), Link(link), User)[0];

        Assert.Equal(name, first.Name);
        Assert.StartsWith(flag + ",,n=user,r=", first.StartText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SCRAM-SHA-1", "tls-server-end-point")] // XEP-0440 rule 5
    [InlineData("SCRAM-SHA-1 SCRAM-SHA-1-PLUS", null)] // XEP-0440 rule 4
    public void Announcement_that_contradicts_itself_ends_a_sasl2_login(string mechanisms, string? types)
    {
        var error = Assert.Throws<XmppSecurityException>(() => Select(Offer(mechanisms, types, isSasl2: true), Tls13, User));

        Assert.Contains("XEP-0440", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Select(Offer(mechanisms, types, isSasl2: true), Unbound, User));
    }

    [Fact]
    public void Types_we_lack_must_be_proven_when_the_policy_says_so()
    {
        var mechanism = Select(
            Offer("SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-exporter"), Tls13, User,
            new SaslPolicy { ChannelBinding = ChannelBindingDemand.Proven })[0];
        var nonce = mechanism.StartText().Split("r=")[1];

        Assert.Equal("SCRAM-SHA-1", mechanism.Name);
        Assert.Throws<XmppSecurityException>(() => mechanism.RespondText($"r={nonce}x,s=QSXCR+Q6sek8bf92,i=4096"));
    }

    [Fact]
    public void Chosen_mechanism_checks_the_hash_of_the_announcement()
    {
        var mechanism = Select(Offer("SCRAM-SHA-1"), Unbound, User)[0];
        var nonce = mechanism.StartText().Split("r=")[1];

        Assert.Throws<XmppSecurityException>(() => mechanism.RespondText($"r={nonce}x,s=QSXCR+Q6sek8bf92,i=4096,h=AAAA"));
    }

    [Fact]
    public void Required_channel_binding_leaves_plus_and_external()
    {
        var required = new SaslPolicy { AllowPlain = true, ChannelBinding = ChannelBindingDemand.Required };

        Assert.Equal(["EXTERNAL"], Names(Offer("EXTERNAL SCRAM-SHA-1 PLAIN"), Tls13, UserWithCertificate, required));
        Assert.Equal(
            ["SCRAM-SHA-1-PLUS"],
            Names(Offer("SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-server-end-point"), Tls13, User, required));
        foreach (var offered in (string[])["SCRAM-SHA-1", "PLAIN"])
        {
            var error = DeadEnd(Offer(offered), Tls13, User, required);
            Assert.Contains("policy requires", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_reach_the_mechanism()
    {
        var mechanism = SaslMechanismSelector.Select(
            Offer("SCRAM-SHA-1"), Unbound, User, null, new ScramOptions { NonceSource = () => "fixed" })[0];

        Assert.Equal("n,,n=user,r=fixed", mechanism.StartText());
    }

    [Theory]
    [InlineData("DIGEST-MD5 PLAIN", true, "The server offers only DIGEST-MD5 and PLAIN; allow PLAIN with AllowPlain, or enable SCRAM at the server.")]
    [InlineData("PLAIN", false, "The server offers only PLAIN over this link without TLS; PLAIN is never used without TLS; enable TLS, or SCRAM at the server.")]
    [InlineData("X-OAUTH2 GSSAPI CRAM-MD5", true, "The server offers only X-OAUTH2, GSSAPI and CRAM-MD5; none of these is known to this client; enable SCRAM-SHA-256 at the server.")]
    [InlineData("", true, "The server offers no SASL mechanism.")]
    [InlineData("evil\u001b[31m PLAIN", true, "The server offers only PLAIN and others; allow PLAIN with AllowPlain, or enable SCRAM at the server.")]
    [InlineData("evil\u001b[31m", true, "The server offers only others; none of these is known to this client; enable SCRAM-SHA-256 at the server.")]
    public void Dead_end_names_the_offer_and_the_way_out(string offered, bool isEncrypted, string message)
    {
        var error = DeadEnd(Offer(offered), isEncrypted ? Unbound : Open, User);

        Assert.Equal("", error.Condition);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Dead_end_without_a_password_asks_for_one()
    {
        var nothing = DeadEnd(Offer("SCRAM-SHA-1"), Unbound, new SaslCredentials { Username = "user" });
        var certificate = DeadEnd(Offer("SCRAM-SHA-1"), Unbound, new SaslCredentials { HasClientCertificate = true });

        Assert.Contains("need a password", nothing.Message, StringComparison.Ordinal);
        Assert.Contains("certificate needs EXTERNAL", certificate.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_end_repeats_a_long_offer_in_part()
    {
        var error = DeadEnd(Offer(string.Join(' ', Enumerable.Range(0, 500).Select(n => $"X-{n}"))), Unbound, User);

        Assert.Contains("X-11 and others;", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("X-12", error.Message, StringComparison.Ordinal);
    }

    private static SaslOffer Offer(string mechanisms, string? types = null, bool isSasl2 = false) => new()
    {
        Mechanisms = mechanisms.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ChannelBindingTypes = types?.Split(' '),
        IsSasl2 = isSasl2,
    };

    private static SaslLink Link(string name) => name switch
    {
        "1.2" => Tls12,
        "1.3" => Tls13,
        _ => Unbound,
    };

    private static IReadOnlyList<ISaslMechanism> Select(
        SaslOffer offer, SaslLink link, SaslCredentials credentials, SaslPolicy? policy = null) =>
        SaslMechanismSelector.Select(offer, link, credentials, policy);

    private static string[] Names(SaslOffer offer, SaslLink link, SaslCredentials credentials, SaslPolicy? policy = null) =>
        [.. Select(offer, link, credentials, policy).Select(mechanism => mechanism.Name)];

    private static XmppAuthenticationException DeadEnd(
        SaslOffer offer, SaslLink link, SaslCredentials credentials, SaslPolicy? policy = null) =>
        Assert.Throws<XmppAuthenticationException>(() => Select(offer, link, credentials, policy));
}
