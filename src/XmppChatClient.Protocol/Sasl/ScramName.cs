namespace XmppChatClient.Sasl;

/// <summary>The <c>saslname</c> of RFC 5802 §7.</summary>
internal static class ScramName
{
    /// <exception cref="ArgumentException">The name is empty or cannot be written.</exception>
    public static string Escape(string name, string what)
    {
        if (string.IsNullOrEmpty(name))
            throw new ArgumentException($"{what} is empty.", nameof(name));

        SaslText.RequireClean(name, nameof(name), what);
        // The equals sign first: the escape of the comma contains one.
        return name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
    }
}
