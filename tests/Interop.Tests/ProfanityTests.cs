using System.Text.RegularExpressions;
using XmppChatClient.Interop.Tests.Servers;
using XmppChatClient.Samples.Tests;

namespace XmppChatClient.Interop.Tests;

/// <summary>Debian's profanity against the server that EchoBot brings, as EchoBot says that it is done.</summary>
public sealed partial class ProfanityTests
{
    [Fact]
    public async Task Profanity_logs_in_as_it_is_told_and_talks_to_the_bot()
    {
        Installed.DemandProfanity();
        await using var bot = SampleProcess.StartAtTerminal("EchoBot");
        await bot.WaitForAsync("(bot online)");

        // What is its own on this machine stays as it is.
        await using var profanity = SampleProcess.StartCommandAtTerminal(
            "export XDG_CONFIG_HOME=$PWD/config XDG_DATA_HOME=$PWD/data XDG_CACHE_HOME=$PWD/cache; exec profanity");
        var place = await profanity.WaitForAsync("/help");
        await profanity.WriteAsync(ConnectCommand().Match(bot.Output).Value + "\r");
        place = await profanity.WaitForAsync("password", place);
        await profanity.WriteAsync(Password().Match(bot.Output).Groups["password"].Value + "\r");
        place = await profanity.WaitForAsync("successfully", place);

        await profanity.WriteAsync("/msg bot@localhost hällo\r");
        place = await profanity.WaitForAsync("bot@localhost/", place);
        await profanity.WaitForAsync("hällo", place);

        await profanity.WriteAsync("/quit\r");
        await profanity.WaitForExitAsync();
        await bot.WriteAsync("/quit\r");
        Assert.Equal(0, (await bot.WaitForExitAsync()).ExitCode);
    }

    [GeneratedRegex(@"/connect you@localhost [^\e]*")]
    private static partial Regex ConnectCommand();

    [GeneratedRegex(@"password \e\[1m(?<password>[0-9a-f]+)")]
    private static partial Regex Password();
}
