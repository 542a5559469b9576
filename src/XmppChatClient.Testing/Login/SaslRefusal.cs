namespace XmppChatClient.Testing.Login;

/// <summary>The client is not, for this condition of RFC 6120 §6.5.</summary>
internal sealed record SaslRefusal(string Condition, string? Text = null) : SaslStep
{
    public static SaslRefusal NotAuthorized { get; } = new("not-authorized");

    public static SaslRefusal Malformed(string text) => new("malformed-request", text);
}
