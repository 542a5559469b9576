using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace XmppChatClient.Testing.Login;

/// <summary>Text in SASL messages, and passwords in the one form in which both sides hash them.</summary>
internal static class SaslText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryRead(byte[] message, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = Strict.GetString(message);
            return true;
        }
        catch (ArgumentException)
        {
            text = null;
            return false;
        }
    }

    public static bool TryDecode(string base64, out byte[] data)
    {
        data = new byte[base64.Length];
        var isBase64 = Convert.TryFromBase64String(base64, data, out var length);
        data = data[..length];
        return isBase64;
    }

    // RFC 8265 §4.2, so far as it changes a password.
    public static byte[] Password(string password) => Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormC));
}
