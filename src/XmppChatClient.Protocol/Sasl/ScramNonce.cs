namespace XmppChatClient.Sasl;

/// <summary>RFC 5802 §7: printable ASCII except the comma.</summary>
internal static class ScramNonce
{
    public static bool IsValid(string nonce) => nonce.Length > 0 && nonce.All(c => c is > ' ' and < '\x7F' and not ',');

    public static string New(ScramOptions options)
    {
        var nonce = options.NonceSource();
        return IsValid(nonce)
            ? nonce
            : throw new InvalidOperationException("The nonce source must give printable ASCII without comma.");
    }
}
