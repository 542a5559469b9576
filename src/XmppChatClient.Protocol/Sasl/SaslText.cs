using System.Text;

namespace XmppChatClient.Sasl;

/// <summary>Text on its way into and out of mechanisms.</summary>
internal static class SaslText
{
    public static UTF8Encoding StrictUtf8 { get; } =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The message must not quote the text: it may be a password.
    public static void RequireClean(string text, string parameter, string what)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                throw new ArgumentException($"{what} contains a control character, which SASL forbids.", parameter);
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                throw new ArgumentException($"{what} contains half a surrogate pair, which is no text.", parameter);
            i++;
        }
    }

    /// <summary>Decodes base64 that is canonical to the last bit; <see langword="null"/> otherwise. The platform's
    /// decoder skips white space and ignores stray bits, so two texts could pass for the same salt or
    /// signature.</summary>
    public static byte[]? DecodeBase64(string text)
    {
        var decoded = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, decoded, out var length)
            && Convert.ToBase64String(decoded, 0, length) == text
                ? decoded[..length]
                : null;
    }
}
