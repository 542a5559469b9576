namespace XmppChatClient.Sasl;

/// <summary>Turns the <c>e=</c> of a SCRAM message (RFC 5802 §7) into an exception.</summary>
internal static class ScramRefusal
{
    // Any other value becomes other-error, as §7 says. A condition of the stream's own profile must not slip in here:
    // a caller that reads invalid-mechanism would try the next one in the middle of this exchange.
    private static readonly string[] Known =
    [
        "invalid-encoding",
        "extensions-not-supported",
        "invalid-proof",
        "channel-bindings-dont-match",
        "server-does-support-channel-binding",
        "channel-binding-not-supported",
        "unsupported-channel-binding-type",
        "unknown-user",
        "invalid-username-encoding",
        "no-resources",
    ];

    public static XmppAuthenticationException From(string error)
    {
        var condition = Known.Contains(error) ? error : "other-error";
        return new XmppAuthenticationException(condition, condition switch
        {
            "invalid-proof" or "unknown-user" => "The server refused the username or password.",
            "server-does-support-channel-binding" =>
                "The server supports channel binding and its offer arrived here without: " +
                "someone may be changing the stream.",
            "channel-bindings-dont-match" =>
                "The server sees another TLS connection than this client: someone may be in between, " +
                "or a proxy ends TLS before the server.",
            _ => $"The server refused the login ({condition}).",
        });
    }
}
