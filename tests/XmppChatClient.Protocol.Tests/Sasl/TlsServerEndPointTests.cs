using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Sasl;

namespace XmppChatClient.Tests.Sasl;

public sealed class TlsServerEndPointTests
{
    private const string Name = "CN=capulet.example";

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void Rsa_certificate_is_hashed_with_the_hash_of_its_signature(string signed)
    {
        using var key = RSA.Create(2048);
        using var certificate = SelfSigned(
            new CertificateRequest(Name, key, new HashAlgorithmName(signed), RSASignaturePadding.Pkcs1));

        Assert.Equal(Hash(signed, certificate), TlsServerEndPoint.Compute(certificate));
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void Ecdsa_certificate_is_hashed_with_the_hash_of_its_signature(string signed)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var certificate = SelfSigned(new CertificateRequest(Name, key, new HashAlgorithmName(signed)));

        Assert.Equal(Hash(signed, certificate), TlsServerEndPoint.Compute(certificate));
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void Rsa_pss_certificate_is_hashed_with_the_hash_in_its_parameters(string signed)
    {
        using var key = RSA.Create(2048);
        using var certificate = SelfSigned(
            new CertificateRequest(Name, key, new HashAlgorithmName(signed), RSASignaturePadding.Pss));

        Assert.Equal(Hash(signed, certificate), TlsServerEndPoint.Compute(certificate));
    }

    [Theory]
    [InlineData("300D 06092A864886F70D010104 0500")] // md5WithRSAEncryption
    [InlineData("300D 06092A864886F70D010105 0500")] // sha1WithRSAEncryption; .NET signs no certificate with it any more
    [InlineData("3009 06072A8648CE3D0401")] // ecdsa-with-SHA1
    [InlineData("300D 06092A864886F70D01010A 3000")] // RSASSA-PSS, all defaults: SHA-1
    [InlineData("300B 06092A864886F70D01010A")] // RSASSA-PSS without parameters
    public void Md5_and_sha1_give_way_to_sha256(string algorithm)
    {
        using var certificate = SignatureOf.Certificate(algorithm);

        Assert.Equal(Hash("SHA256", certificate), TlsServerEndPoint.Compute(certificate));
    }

    [Theory]
    [InlineData("3005 06032B6570")] // Ed25519
    [InlineData("3005 06032B6571")] // Ed448
    [InlineData("300D 06092A864886F70D01010E 0500")] // sha224WithRSAEncryption, a hash .NET lacks
    [InlineData("301E 06092A864886F70D01010A 3011 A00F 300D 06096086480165030402010500")] // PSS: SHA-256, mask by SHA-1
    [InlineData("300E 06092A864886F70D01010A 020100")] // PSS, parameters that are none
    public void Signature_without_one_known_hash_gives_no_binding(string algorithm)
    {
        using var certificate = SignatureOf.Certificate(algorithm);

        Assert.Null(TlsServerEndPoint.Compute(certificate));
    }

    [Fact]
    public void Tls_1_2_gives_both_bindings_and_prefers_tls_unique()
    {
        using var certificate = SignatureOf.Certificate("300D 06092A864886F70D01010B 0500");

        var found = TlsChannelBindings.Find(SslProtocols.Tls12, certificate, new byte[] { 1, 2, 3 });

        Assert.Equal([ChannelBindingTypes.TlsUnique, ChannelBindingTypes.TlsServerEndPoint], found.Select(b => b.Type));
        Assert.Equal([1, 2, 3], found[0].Data.ToArray());
        Assert.Equal(SHA256.HashData(certificate.RawData), found[1].Data.ToArray());
    }

#pragma warning disable SYSLIB0039, CA5397 // the old versions are named to be refused
    [Theory]
    [InlineData(SslProtocols.Tls13)]
    [InlineData(SslProtocols.Tls11)]
    [InlineData(SslProtocols.None)]
    public void Tls_unique_is_refused_outside_tls_1_2(SslProtocols protocol)
    {
        using var certificate = SignatureOf.Certificate("300D 06092A864886F70D01010B 0500");

        var found = TlsChannelBindings.Find(protocol, certificate, new byte[] { 1, 2, 3 });

        Assert.Equal([ChannelBindingTypes.TlsServerEndPoint], found.Select(b => b.Type));
    }
#pragma warning restore SYSLIB0039, CA5397

    [Fact]
    public void Connection_that_can_give_nothing_gives_nothing()
    {
        using var certificate = SignatureOf.Certificate("3005 06032B6570");

        Assert.Empty(TlsChannelBindings.Find(SslProtocols.Tls13, null));
        Assert.Empty(TlsChannelBindings.Find(SslProtocols.Tls12, certificate));
    }

    private static X509Certificate2 SelfSigned(CertificateRequest request) =>
        request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

    private static byte[] Hash(string algorithm, X509Certificate2 certificate) =>
        CryptographicOperations.HashData(new HashAlgorithmName(algorithm), certificate.RawData);
}
