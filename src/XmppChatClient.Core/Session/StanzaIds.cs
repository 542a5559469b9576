using System.Buffers.Text;
using System.Security.Cryptography;

namespace XmppChatClient.Session;

/// <summary>Ids that nobody can guess, as RFC 6120 §8.1.3 asks.</summary>
internal static class StanzaIds
{
    private const int Bytes = 12;

    public static string Random()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
