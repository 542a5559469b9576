using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace XmppChatClient.Tests.Sasl;

/// <summary>Makes certificates whose signature names any algorithm; the signature itself is noise, which the binding
/// never looks at.</summary>
internal sealed class SignatureOf(string algorithmIdentifier) : X509SignatureGenerator
{
    public static X509Certificate2 Certificate(string algorithmIdentifier)
    {
        using var key = RSA.Create(1024);
        var name = new X500DistinguishedName("CN=capulet.example");
        return new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Create(
            name, new SignatureOf(algorithmIdentifier), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100), [1]);
    }

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
        Convert.FromHexString(algorithmIdentifier.Replace(" ", "", StringComparison.Ordinal));

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => new byte[64];

    protected override PublicKey BuildPublicKey() => throw new NotSupportedException();
}
