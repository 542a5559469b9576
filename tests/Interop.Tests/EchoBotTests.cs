using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed partial class EchoBotTests(SharedServers servers)
{
    internal const string Password = "pass-word-that-is-easy-to-grep";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ServerKind.Prosody, "TERM")]
    [InlineData(ServerKind.Ejabberd, "INT")]
    public async Task Foreign_client_is_echoed_and_the_bot_leaves_in_good_order(ServerKind kind, string signal)
    {
        var server = await servers.GetAsync(kind);
        var user = await NewUserAsync(server);
        await using var bot = new BotProcess(Arguments(server, user, Password));
        await bot.WaitUntilOnlineAsync(Token);

        Assert.Equal($"{user}> hällo <world> & 🎉", await SayAsync(server, user, "hällo <world> & 🎉"));

        await bot.SignalAsync(signal, Token);
        Assert.Equal(0, await bot.WaitForExitAsync(Token));
        Assert.Contains("The session ended: Closed", bot.Output, StringComparison.Ordinal);

        var log = bot.Log;
        Assert.Contains("<presence xmlns='jabber:client' type='unavailable'/>", log, StringComparison.Ordinal);
        Assert.Contains("<body>hällo &lt;world&gt; &amp; 🎉</body>", log, StringComparison.Ordinal);
        AssertNoSecrets(log);
    }

    [Theory, EachServer]
    public async Task Wrong_password_stops_the_host_with_one_line(ServerKind kind)
    {
        var server = await servers.GetAsync(kind);
        var user = await NewUserAsync(server);
        await using var bot = new BotProcess(Arguments(server, user, Password + "-wrong"));
        Assert.Equal(1, await bot.WaitForExitAsync(Token));
        var line = Assert.Single(bot.Output.Split('\n'), l => l.Contains(" FTL ", StringComparison.Ordinal));
        Assert.Contains("not-authorized", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", bot.Output, StringComparison.Ordinal);
        AssertNoSecrets(bot.Output + bot.Log);
    }

    [Fact]
    public async Task Missing_address_stops_the_host_with_one_line()
    {
        await using var bot = new BotProcess("--Xmpp:EmbeddedServer=false");
        Assert.Equal(1, await bot.WaitForExitAsync(Token));
        var line = Assert.Single(bot.Output.Split('\n'), l => l.Contains(" FTL ", StringComparison.Ordinal));
        Assert.Contains("Xmpp:Jid", line, StringComparison.Ordinal);
    }

    internal static async Task<string> NewUserAsync(XmppServer server)
    {
        var user = $"bot-{Guid.NewGuid():N}"[..16];
        await server.AddUserAsync(user, Password, Token);
        return user;
    }

    internal static string[] Arguments(XmppServer server, string user, string password) =>
    [
        $"--Xmpp:Jid={user}@{server.Domain}",
        $"--Xmpp:Password={password}",
        $"--Xmpp:Host={server.Host}",
        "--Xmpp:Proxy=none",
        $"--Xmpp:Port={server.Port}",
        $"--Xmpp:TrustedRoots={server.TrustedRoots}",
    ];

    // Debian's slixmpp belongs to Debian's own python.
    private static async Task<string> SayAsync(XmppServer server, string to, string text)
    {
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        var start = new ProcessStartInfo(python,
        [
            BotProcess.PathOf("Say"), server.Host, $"{server.Port}", server.TrustedRoots, $"carol@{server.Domain}",
            $"{to}@{server.Domain}", text,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["YOU_PASSWORD"] = server.Password;
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using var say = Process.Start(start)!;
        var output = say.StandardOutput.ReadToEndAsync(Token);
        var error = await say.StandardError.ReadToEndAsync(Token);
        await say.WaitForExitAsync(Token).WaitAsync(Hang.Limit, Token);
        Assert.True(say.ExitCode == 0, $"slixmpp failed:\n{error}");
        return (await output).Trim();
    }

    private static void AssertNoSecrets(string log)
    {
        Assert.DoesNotContain(Password, log, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)), log, StringComparison.Ordinal);
        foreach (Match element in SaslElement().Matches(log))
        {
            Assert.Equal("[redacted]", element.Groups["content"].Value);
        }

        Assert.NotEmpty(SaslElement().Matches(log));
    }

    // Those of RFC 6120, of XEP-0388, and the token of XEP-0484.
    [GeneratedRegex(
        "<(auth|challenge|response|success) xmlns='urn:ietf:params:xml:ns:xmpp-sasl'[^>/]*>(?<content>[^<]*)<"
        + "|<(initial-response|additional-data|(challenge|response) xmlns='urn:xmpp:sasl:2')>(?<content>[^<]*)<"
        + "|<token xmlns='urn:xmpp:fast:0'[^>]* token='(?<content>[^']*)'")]
    private static partial Regex SaslElement();
}
