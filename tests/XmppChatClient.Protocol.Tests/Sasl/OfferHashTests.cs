using System.Security.Cryptography;
using XmppChatClient.Sasl;

namespace XmppChatClient.Tests.Sasl;

/// <summary>XEP-0474 v0.5.0.</summary>
public sealed class OfferHashTests
{
    private static readonly SaslCredentials User = new() { Username = "user", Password = "pencil" };

    // XEP-0474 §6.3, whose lists come unsorted.
    private static readonly SaslOffer Example = new()
    {
        Mechanisms = ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"],
        ChannelBindingTypes = ["tls-server-end-point", "tls-exporter"],
    };

    private const string ExampleHash = "G6k/rBLDqgOhRRaCuuatSDFkJ08=";

    [Fact]
    public void Hash_of_the_example_in_the_specification_is_accepted() =>
        Login(ScramHash.Sha1, Example, ",h=" + ExampleHash);

    [Fact]
    public void Hash_is_found_behind_other_extensions() =>
        Login(ScramHash.Sha1, Example, ",z=1,h=" + ExampleHash + ",y=2");

    [Fact]
    public void Server_that_sends_no_hash_is_accepted() => Login(ScramHash.Sha1, Example, "");

    [Fact]
    public void Hash_runs_on_the_function_of_the_mechanism_in_use() =>
        Login(
            ScramHash.Sha256,
            new SaslOffer { Mechanisms = ["SCRAM-SHA-256", "PLAIN"] },
            ",h=Rgy1OtqF8B/re2ip4rVzs2herVHnECfKbsLqKQgUMgo=");

    [Fact]
    public void Empty_list_of_types_is_not_the_same_as_none() =>
        Login(
            ScramHash.Sha256,
            new SaslOffer { Mechanisms = ["SCRAM-SHA-256", "PLAIN"], ChannelBindingTypes = [] },
            ",h=UzQajgapjuoNRETKCNV1g1zapAbBiaY9mIhExQJWVpQ=");

    public static TheoryData<string, string, string?> Tampered => new()
    {
        { "a mechanism taken away", "SCRAM-SHA-1", "tls-server-end-point tls-exporter" },
        { "a mechanism added", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS PLAIN", "tls-server-end-point tls-exporter" },
        { "a type taken away", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-server-end-point" },
        { "a type replaced", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "tls-server-end-point x" },
        { "a type moved among the mechanisms", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS tls-exporter", "tls-server-end-point" },
        { "all types taken away", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", null },
    };

    [Theory]
    [MemberData(nameof(Tampered))]
    public void Announcement_that_was_changed_on_its_way_is_found_out(string how, string mechanisms, string? types)
    {
        var arrived = new SaslOffer { Mechanisms = mechanisms.Split(' '), ChannelBindingTypes = types?.Split(' ') };

        var error = Assert.Throws<XmppSecurityException>(() => Login(ScramHash.Sha1, arrived, ",h=" + ExampleHash));

        Assert.True(error.Message.Contains("XEP-0474", StringComparison.Ordinal), how);
    }

    [Fact]
    public void Changed_announcement_ends_the_login_before_a_proof_is_given()
    {
        var mechanism = new ScramMechanism(ScramHash.Sha1, Gs2ChannelBinding.NotSupported, User, Example);
        var server = new ScramTestServer(HashAlgorithmName.SHA1, "pencil") { Extensions = ",h=AAAA" };
        var first = server.First(mechanism.StartText());

        Assert.Throws<XmppSecurityException>(() => mechanism.RespondText(first));
    }

    [Fact]
    public void Binding_that_is_not_shared_needs_the_hash()
    {
        Login(ScramHash.Sha1, Example, ",h=" + ExampleHash, Gs2ChannelBinding.NoneShared);

        Assert.Throws<XmppSecurityException>(() => Login(ScramHash.Sha1, Example, "", Gs2ChannelBinding.NoneShared));
    }

    private static void Login(ScramHash hash, SaslOffer offer, string extensions, Gs2ChannelBinding? binding = null)
    {
        var algorithm = hash == ScramHash.Sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        ScramMechanismTests.Exchange(
            new ScramMechanism(hash, binding ?? Gs2ChannelBinding.NotSupported, User, offer),
            new ScramTestServer(algorithm, "pencil") { Extensions = extensions });
    }
}
