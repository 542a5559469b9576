using XmppChatClient.Precis;

namespace XmppChatClient.Sasl;

/// <summary>The one place where a password gets its canonical form before it is hashed or sent.</summary>
internal static class PasswordPreparation
{
    /// <summary>OpaqueString (RFC 8265 §4.2), which leaves alone nearly all that SASLprep (RFC 4013) does.</summary>
    /// <exception cref="ArgumentException">The password is empty or has characters that no password may have.</exception>
    public static string Prepare(string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        SaslText.RequireClean(password, nameof(password), "The password");
        return OpaqueString.TryEnforce(password, out var prepared, out _)
            ? prepared
            : throw new ArgumentException(
                "The password has a character that RFC 8265 does not allow in passwords.", nameof(password));
    }
}
