using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace XmppChatClient.Sasl;

/// <summary>The <c>tls-server-end-point</c> channel binding (RFC 5929 §4.1).</summary>
public static class TlsServerEndPoint
{
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string Sha1 = "1.3.14.3.2.26";

    /// <summary>Hashes a certificate with the hash function of its own signature, or with SHA-256 where that would be
    /// MD5 or SHA-1.</summary>
    /// <returns><see langword="null"/> when the binding is undefined, because the signature uses no hash function (as
    /// Ed25519) or several, or when the function is not one this platform has.</returns>
    public static byte[]? Compute(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var signature = certificate.SignatureAlgorithm.Value;
        var hash = signature == RsaPss ? PssHash(certificate.RawDataMemory) : SignatureHash(signature);
        return hash is { } name ? CryptographicOperations.HashData(name, certificate.RawDataMemory.Span) : null;
    }

    private static HashAlgorithmName? SignatureHash(string? oid) => oid switch
    {
        "1.2.840.113549.1.1.4" => HashAlgorithmName.SHA256, // md5WithRSAEncryption
        "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" => HashAlgorithmName.SHA256, // SHA-1 with RSA, ECDSA
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static HashAlgorithmName? DigestHash(string oid) => oid switch
    {
        "1.2.840.113549.2.5" or Sha1 => HashAlgorithmName.SHA256,
        "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256,
        "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
        "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
        _ => null,
    };

    // RFC 4055 §3.1: the object identifier of RSASSA-PSS says nothing of the hash; its parameters do, by default SHA-1.
    private static HashAlgorithmName? PssHash(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var certificate = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
            certificate.ReadEncodedValue();
            var algorithm = certificate.ReadSequence();
            algorithm.ReadObjectIdentifier();

            var (message, mask) = (Sha1, Sha1);
            if (algorithm.HasData)
            {
                var parameters = algorithm.ReadSequence();
                if (Next(parameters, 0) is { } digest)
                    message = digest.ReadSequence().ReadObjectIdentifier();
                if (Next(parameters, 1) is { } generator)
                    mask = MaskDigest(generator.ReadSequence());
            }

            return message == mask ? DigestHash(message) : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static AsnReader? Next(AsnReader parameters, int number)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, number, isConstructed: true);
        return parameters.HasData && parameters.PeekTag() == tag ? parameters.ReadSequence(tag) : null;
    }

    private static string MaskDigest(AsnReader generator)
    {
        generator.ReadObjectIdentifier();
        return generator.ReadSequence().ReadObjectIdentifier();
    }
}
