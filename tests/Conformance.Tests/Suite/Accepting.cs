namespace XmppChatClient.Conformance.Tests;

/// <summary>Writes files instead of comparing with them, when asked by the environment.</summary>
internal static class Accepting
{
    private const string Variable = "CONFORMANCE_ACCEPT";

    public const string Hint = $"{Variable}=Prosody writes it from what Prosody says, and lists how the others differ.";

    /// <summary>The server whose record becomes the expected one; null to compare.</summary>
    public static Subject? From =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? Enum.Parse<Subject>(name) : null;
}
