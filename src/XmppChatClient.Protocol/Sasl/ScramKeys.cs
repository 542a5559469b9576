using System.Security.Cryptography;
using System.Text;

namespace XmppChatClient.Sasl;

/// <summary>The two keys a password, a salt and an iteration count come to (RFC 5802 §3). Disposing wipes
/// them.</summary>
internal sealed class ScramKeys(byte[] clientKey, byte[] serverKey) : IDisposable
{
    public ReadOnlySpan<byte> ClientKey => clientKey;

    public ReadOnlySpan<byte> ServerKey => serverKey;

    public static ScramKeys Derive(ScramHash hash, string password, ReadOnlySpan<byte> salt, int iterations)
    {
        var encoded = Encoding.UTF8.GetBytes(password);
        var salted = hash.Stretch(encoded, salt, iterations);
        try
        {
            return new ScramKeys(hash.Hmac(salted, "Client Key"u8), hash.Hmac(salted, "Server Key"u8));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(encoded);
            CryptographicOperations.ZeroMemory(salted);
        }
    }

    public ScramKeys Copy() => new([.. clientKey], [.. serverKey]);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(clientKey);
        CryptographicOperations.ZeroMemory(serverKey);
    }
}
