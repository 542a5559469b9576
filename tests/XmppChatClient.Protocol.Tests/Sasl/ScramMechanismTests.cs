using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Sasl;

namespace XmppChatClient.Tests.Sasl;

public sealed class ScramMechanismTests
{
    private static readonly ChannelBinding EndPoint = new(ChannelBindingTypes.TlsServerEndPoint, new byte[] { 9, 8, 7, 0, 255 });
    private static readonly SaslCredentials User = new() { Username = "user", Password = "pencil" };

    public static TheoryData<ScramHash, string> Hashes => new()
    {
        { ScramHash.Sha1, "SHA1" },
        { ScramHash.Sha256, "SHA256" },
        { ScramHash.Sha512, "SHA512" },
    };

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Plus_exchange_satisfies_a_server_that_shares_no_code(ScramHash hash, string algorithm)
    {
        var mechanism = new ScramMechanism(hash, Gs2ChannelBinding.Bind(EndPoint), User);
        var server = new ScramTestServer(new HashAlgorithmName(algorithm), "pencil") { ChannelBinding = EndPoint.Data.ToArray() };

        Exchange(mechanism, server);

        Assert.Equal(hash.Mechanism + "-PLUS", mechanism.Name);
        Assert.Equal("p=tls-server-end-point,,", server.Gs2Header);
    }

    [Fact]
    public void Plus_exchange_over_another_connection_is_refused_by_the_server()
    {
        var mechanism = new ScramMechanism(ScramHash.Sha256, Gs2ChannelBinding.Bind(EndPoint), User);
        var server = new ScramTestServer(HashAlgorithmName.SHA256, "pencil") { ChannelBinding = [1] };

        var error = Assert.Throws<XmppAuthenticationException>(() => Exchange(mechanism, server));
        Assert.Equal("channel-bindings-dont-match", error.Condition);
    }

    [Fact]
    public void Wrong_password_is_refused_by_the_server()
    {
        var mechanism = new ScramMechanism(ScramHash.Sha256, Gs2ChannelBinding.NotSupported, User);

        var error = Assert.Throws<XmppAuthenticationException>(
            () => Exchange(mechanism, new ScramTestServer(HashAlgorithmName.SHA256, "crayon")));
        Assert.Equal("invalid-proof", error.Condition);
    }

    [Theory]
    [InlineData("a=b,c", "n=a=3Db=2Cc")]
    [InlineData("=2C", "n==3D2C")]
    [InlineData("zoë", "n=zoë")]
    public void Equals_sign_and_comma_in_the_username_are_escaped(string username, string expected)
    {
        var mechanism = new ScramMechanism(
            ScramHash.Sha1, Gs2ChannelBinding.NotSupported, new SaslCredentials { Username = username, Password = "pencil" });
        var server = new ScramTestServer(HashAlgorithmName.SHA1, "pencil");

        var first = mechanism.StartText();
        var final = mechanism.RespondText(server.First(first));
        mechanism.CompleteText(server.Final(final));

        Assert.StartsWith($"n,,{expected},r=", first, StringComparison.Ordinal);
        Assert.Equal(username, server.Username);
    }

    [Fact]
    public void Authorization_identity_goes_into_the_header_and_is_signed()
    {
        var credentials = new SaslCredentials { Username = "user", Password = "pencil", AuthorizationIdentity = "a,b@c.example" };
        var mechanism = new ScramMechanism(ScramHash.Sha1, Gs2ChannelBinding.NotOffered, credentials);
        var server = new ScramTestServer(HashAlgorithmName.SHA1, "pencil");

        Exchange(mechanism, server);

        Assert.Equal("y,a=a=2Cb@c.example,", server.Gs2Header);
    }

    [Fact]
    public void Password_outside_ascii_is_hashed_as_utf8()
    {
        var mechanism = new ScramMechanism(
            ScramHash.Sha256, Gs2ChannelBinding.NotSupported, new SaslCredentials { Username = "user", Password = "πένα 🖊" });

        Exchange(mechanism, new ScramTestServer(HashAlgorithmName.SHA256, "πένα 🖊"));
    }

    [Fact]
    public void Unknown_optional_extensions_are_ignored_and_signed()
    {
        var mechanism = new ScramMechanism(ScramHash.Sha256, Gs2ChannelBinding.NotSupported, User);

        Exchange(mechanism, new ScramTestServer(HashAlgorithmName.SHA256, "pencil") { Extensions = ",z=future,Q=a=b" });
    }

    // Not InlineData: metadata is UTF-8, which has no place for half a surrogate pair.
    public static TheoryData<string> BadPasswords =>
        ["", "pen\0cil", "pen\ncil", "pen\u007fcil", "pen\u0085cil", "pen\ud800", "pen\udc00\ud800", "pen\ud800cil"];

    [Theory]
    [MemberData(nameof(BadPasswords), DisableDiscoveryEnumeration = true)]
    public void Password_that_cannot_be_prepared_is_the_callers_mistake(string password)
    {
        var credentials = new SaslCredentials { Username = "user", Password = password };

        var error = Assert.Throws<ArgumentException>(
            () => new ScramMechanism(ScramHash.Sha256, Gs2ChannelBinding.NotSupported, credentials));
        Assert.DoesNotContain("pen", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> BadUsernames => ["", "us\0er", "user\udc00"];

    [Theory]
    [MemberData(nameof(BadUsernames), DisableDiscoveryEnumeration = true)]
    public void Username_that_cannot_be_written_is_the_callers_mistake(string username) =>
        Assert.Throws<ArgumentException>(() => new ScramMechanism(
            ScramHash.Sha256, Gs2ChannelBinding.NotSupported, new SaslCredentials { Username = username, Password = "pencil" }));

    [Fact]
    public void Missing_password_is_the_callers_mistake() =>
        Assert.ThrowsAny<ArgumentException>(() => new ScramMechanism(
            ScramHash.Sha256, Gs2ChannelBinding.NotSupported, new SaslCredentials { Username = "user" }));

    [Fact]
    public void Binding_without_data_is_the_callers_mistake() =>
        Assert.Throws<ArgumentException>(() => Gs2ChannelBinding.Bind(new ChannelBinding("tls-unique", default)));

    [Fact]
    public void Nonce_is_24_random_bytes_unless_fixed()
    {
        static byte[] Nonce() => Convert.FromBase64String(
            new ScramMechanism(ScramHash.Sha1, Gs2ChannelBinding.NotSupported, User).StartText().Split("r=")[1]);

        var (first, second) = (Nonce(), Nonce());

        Assert.Equal(24, first.Length);
        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("a b")]
    public void Nonce_source_that_breaks_the_grammar_is_found_out(string nonce) =>
        Assert.Throws<InvalidOperationException>(
            () => ScramVector.Sha1.Mechanism(new ScramOptions { NonceSource = () => nonce }).Start());

    [Fact]
    public void Mechanism_is_good_for_one_attempt()
    {
        var mechanism = ScramVector.Sha1.Mechanism();
        Assert.Throws<InvalidOperationException>(() => mechanism.RespondText(ScramVector.Sha1.ServerFirst));
        Assert.Throws<InvalidOperationException>(() => mechanism.CompleteText(""));

        mechanism.Start();
        Assert.Throws<InvalidOperationException>(() => mechanism.Start());

        mechanism.RespondText(ScramVector.Sha1.ServerFirst);
        mechanism.CompleteText(ScramVector.Sha1.ServerFinal);
        Assert.Throws<InvalidOperationException>(() => mechanism.CompleteText(ScramVector.Sha1.ServerFinal));
    }

    internal static void Exchange(ScramMechanism mechanism, ScramTestServer server)
    {
        var final = mechanism.RespondText(server.First(Encoding.UTF8.GetString(mechanism.Start()!.Value.Span)));
        mechanism.CompleteText(server.Final(final));
    }
}
