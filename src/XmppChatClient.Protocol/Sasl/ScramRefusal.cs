namespace XmppChatClient.Sasl;

/// <summary>Turns the <c>e=</c> of a SCRAM message (RFC 5802 §7) into an exception.</summary>
internal static class ScramRefusal
{
    private const int LongestQuoted = 64;

    public static XmppAuthenticationException From(string error)
    {
        // Only what looks like a condition is repeated: the rest is the server's own text in our log.
        var condition = error.Length <= LongestQuoted && error.All(c => char.IsAsciiLetterLower(c) || c == '-')
            ? error
            : "other-error";

        return new XmppAuthenticationException(condition, condition switch
        {
            "invalid-proof" or "unknown-user" => "The server refused the username or password.",
            "server-does-support-channel-binding" =>
                "The server supports channel binding and its offer arrived here without: " +
                "someone may be changing the stream.",
            "channel-bindings-dont-match" =>
                "The server sees another TLS connection than this client: someone may be in between, " +
                "or a proxy ends TLS before the server.",
            "unsupported-channel-binding-type" or "channel-binding-not-supported" =>
                $"The server refused the channel binding ({condition}).",
            _ => $"The server refused the login ({condition}).",
        });
    }
}
