using System.Security.Cryptography;

namespace XmppChatClient.Testing.Login;

/// <summary>SCRAM on one hash function.</summary>
internal sealed class ScramVariant
{
    private static readonly ScramVariant[] All =
    [
        new("SCRAM-SHA-1", HashAlgorithmName.SHA1, 20),
        new("SCRAM-SHA-256", HashAlgorithmName.SHA256, 32),
        new("SCRAM-SHA-512", HashAlgorithmName.SHA512, 64),
    ];

    private readonly HashAlgorithmName _hash;

    private ScramVariant(string mechanism, HashAlgorithmName hash, int size) =>
        (Mechanism, _hash, Size) = (mechanism, hash, size);

    /// <summary>Its name without channel binding.</summary>
    public string Mechanism { get; }

    public int Size { get; }

    /// <summary>The variant of a mechanism's name, with -PLUS or without; null for another mechanism.</summary>
    public static ScramVariant? Find(string mechanism) =>
        Array.Find(All, v => mechanism == v.Mechanism || mechanism == $"{v.Mechanism}-PLUS");

    public byte[] Hash(ReadOnlySpan<byte> data) => CryptographicOperations.HashData(_hash, data);

    public byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data) => CryptographicOperations.HmacData(_hash, key, data);

    public byte[] Salted(byte[] password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, _hash, Size);
}
