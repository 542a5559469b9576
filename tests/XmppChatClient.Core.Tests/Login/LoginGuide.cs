namespace XmppChatClient.TestSupport;

/// <summary>What docs/LOGIN.md says of logins.</summary>
internal static class LoginGuide
{
    public const string Cold = "RFC 6120 with SCRAM: a cold login where nothing else is offered";
    public const string Sasl2 = "SASL2 with SCRAM";
    public const string Sasl2AndBind2 = "SASL2 with SCRAM and Bind 2";
    public const string Token = "a token, a resource as in RFC 6120";
    public const string TokenAndBind2 = "a token and Bind 2";
    public const string TokenAndResume = "a token, and the session goes on";

    /// <summary>How often a login waits for the server.</summary>
    /// <param name="login">The row of the table.</param>
    public static int RoundTrips(string login, TlsMode tls)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "XmppChatClient.sln")))
        {
            directory = directory.Parent!;
        }

        var row = File.ReadLines(Path.Combine(directory.FullName, "docs/LOGIN.md"))
            .Single(l => l.StartsWith($"| {login} |", StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries);
        return int.Parse(row[tls == TlsMode.Direct ? 3 : 2], null);
    }
}
