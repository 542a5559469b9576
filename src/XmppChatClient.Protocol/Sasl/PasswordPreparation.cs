namespace XmppChatClient.Sasl;

/// <summary>The one place where a password gets its canonical form before it is hashed or sent.</summary>
internal static class PasswordPreparation
{
    /// <exception cref="ArgumentException">The password is empty or has control characters or broken surrogates, which
    /// neither SASLprep (RFC 4013) nor OpaqueString (RFC 8265 §4) lets pass.</exception>
    public static string Prepare(string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        SaslText.RequireClean(password, nameof(password), "The password");
        return password;
    }
}
