using System.Security.Cryptography;

namespace XmppChatClient.Testing.Login;

/// <summary>What a server keeps of a password (RFC 5802 §3).</summary>
internal sealed record ScramKeys(ScramVariant Variant, byte[] Salt, int Iterations, byte[] StoredKey, byte[] ServerKey)
{
    // The fewest that RFC 7677 §4 advises: tests log in often.
    private const int FewestIterations = 4_096;

    public static ScramKeys Derive(ScramVariant variant, string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = variant.Salted(SaslText.Password(password), salt, FewestIterations);
        var clientKey = variant.Hmac(salted, "Client Key"u8);
        return new ScramKeys(variant, salt, FewestIterations, variant.Hash(clientKey), variant.Hmac(salted, "Server Key"u8));
    }

    /// <summary>Whether it proves that who made it knows the password.</summary>
    public bool IsProof(byte[] proof, byte[] signed)
    {
        var clientKey = Variant.Hmac(StoredKey, signed);
        if (proof.Length != clientKey.Length)
        {
            return false;
        }

        for (var i = 0; i < clientKey.Length; i++)
        {
            clientKey[i] ^= proof[i];
        }

        return CryptographicOperations.FixedTimeEquals(Variant.Hash(clientKey), StoredKey);
    }

    /// <summary>What proves the same of the server.</summary>
    public byte[] Signature(byte[] signed) => Variant.Hmac(ServerKey, signed);
}
