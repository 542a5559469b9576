using System.Security.Cryptography;

namespace XmppChatClient.Sasl;

/// <summary>A hash function SCRAM may run on.</summary>
public sealed class ScramHash
{
    /// <summary>SCRAM-SHA-1 (RFC 5802).</summary>
    public static ScramHash Sha1 { get; } = new("SCRAM-SHA-1", HashAlgorithmName.SHA1, 20);

    /// <summary>SCRAM-SHA-256 (RFC 7677).</summary>
    public static ScramHash Sha256 { get; } = new("SCRAM-SHA-256", HashAlgorithmName.SHA256, 32);

    /// <summary>SCRAM-SHA-512 (draft-melnikov-scram-sha-512).</summary>
    public static ScramHash Sha512 { get; } = new("SCRAM-SHA-512", HashAlgorithmName.SHA512, 64);

    private readonly HashAlgorithmName _algorithm;

    private ScramHash(string mechanism, HashAlgorithmName algorithm, int size)
    {
        Mechanism = mechanism;
        _algorithm = algorithm;
        Size = size;
    }

    /// <summary>The mechanism's name without channel binding, such as <c>SCRAM-SHA-256</c>.</summary>
    public string Mechanism { get; }

    /// <summary>The mechanism's name with channel binding, such as <c>SCRAM-SHA-256-PLUS</c>.</summary>
    public string MechanismPlus => Mechanism + "-PLUS";

    internal int Size { get; }

    /// <summary>The strongest first.</summary>
    internal static IReadOnlyList<ScramHash> ByStrength { get; } = [Sha512, Sha256, Sha1];

    internal byte[] Hash(ReadOnlySpan<byte> source) => CryptographicOperations.HashData(_algorithm, source);

    internal byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> source) =>
        CryptographicOperations.HmacData(_algorithm, key, source);

    /// <summary><c>Hi()</c> of RFC 5802 §2.2.</summary>
    internal byte[] Stretch(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, _algorithm, Size);
}
