namespace XmppChatClient.Packages.Tests;

public sealed class NewProgramTests(NewProgram program) : IClassFixture<NewProgram>
{
    [Theory]
    [InlineData("Xmpp:Jid is missing")]
    [InlineData("Xmpp:Tls", "--Xmpp:Jid=bot@example.org", "--Xmpp:Tls=Perhaps")]
    [InlineData("Xmpp:Colour", "--Xmpp:Jid=bot@example.org", "--Xmpp:Colour=red")]
    public async Task Trimmed_program_of_the_packages_names_the_setting_that_stops_it(string expected, params string[] arguments)
    {
        var (exitCode, lines) = await program.RunAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.Single(lines, line => line.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("at ", StringComparison.Ordinal));
    }
}
