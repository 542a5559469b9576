using System.Net;
using System.Net.Sockets;
using System.Text;

namespace XmppChatClient.Samples.Tests;

/// <summary>EchoBot where no account is given.</summary>
public sealed class QuickStartTests
{
    [Theory]
    [InlineData("hello\n", "bot> hello\n")]
    [InlineData("hällo <world> & 🎉", "bot> hällo <world> & 🎉\n")]
    [InlineData("first\r\n\nthird\n", "bot> first\nbot> \nbot> third\n")]
    [InlineData("", "")]
    public async Task Each_line_of_the_input_is_answered(string input, string output)
    {
        await using var bot = await AskAsync(input);

        Assert.Equal(0, (await bot.WaitForExitAsync()).ExitCode);
        Assert.Equal(output, bot.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Answers_to_many_lines_come_in_order_and_all()
    {
        var lines = Enumerable.Range(1, 2_000).ToArray();
        await using var bot = await AskAsync(string.Join('\n', lines));

        Assert.Equal(0, (await bot.WaitForExitAsync()).ExitCode);
        Assert.Equal(string.Concat(lines.Select(n => $"bot> {n}\n")), bot.Output.ReplaceLineEndings("\n"));
    }

    public static TheoryData<byte[], string> Unsendable => new()
    {
        { "\u0001"u8.ToArray(), "U+0001" },
        { [0xFF, 0xFE], "no text in utf-8" },
        { Encoding.ASCII.GetBytes(new string('x', 50_001)), "longer than 50000 bytes" },
        { Encoding.ASCII.GetBytes(new string('x', 400_000)), "longer than 50000 bytes" },
    };

    [Theory, MemberData(nameof(Unsendable))]
    public async Task A_line_that_cannot_be_sent_is_told_and_the_others_are_answered(byte[] line, string reason)
    {
        await using var bot = SampleProcess.Start("EchoBot", []);
        await bot.WriteAsync((byte[])[.. "before\n"u8, .. line, .. "\nafter"u8]);
        bot.EndInput();

        var (exitCode, error) = await bot.WaitForExitAsync();
        Assert.Equal(1, exitCode);
        Assert.Equal("bot> before\nbot> after\n", bot.Output.ReplaceLineEndings("\n"));
        var told = Assert.Single(
            error.TrimEnd().Split('\n'), line => !line.StartsWith("Port 5222 is taken", StringComparison.Ordinal));
        Assert.StartsWith("Line 2 was not sent: ", told, StringComparison.Ordinal);
        Assert.Contains(reason, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_line_is_answered_however_much_longer_XML_makes_it()
    {
        var line = new string('&', 50_000);
        await using var bot = await AskAsync(line);

        Assert.Equal(0, (await bot.WaitForExitAsync()).ExitCode);
        Assert.Equal($"bot> {line}\n", bot.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Another_port_is_taken_when_5222_is()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 5222));
            socket.Listen();
        }
        catch (SocketException)
        {
            // Taken is what it is to be, by us or by a server of this machine.
        }

        await using var bot = await AskAsync("hello\n");
        var (exitCode, error) = await bot.WaitForExitAsync();
        Assert.Equal(0, exitCode);
        Assert.Equal("bot> hello\n", bot.Output.ReplaceLineEndings("\n"));
        Assert.Matches(@"^Port 5222 is taken; the server listens on 127\.0\.0\.1:\d+\.\s*$", error);
    }

    [Fact]
    public async Task The_log_is_in_the_folder_it_was_started_in()
    {
        await using var bot = await AskAsync("to be found\n");

        Assert.Equal(0, (await bot.WaitForExitAsync()).ExitCode);
        var log = Assert.Single(Directory.GetFiles(Path.Combine(bot.Folder, "logs")));
        var text = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
        Assert.Contains("<body>to be found</body>", text, StringComparison.Ordinal);
        Assert.Contains("<starttls ", text, StringComparison.Ordinal);
        Assert.Contains("mechanism='SCRAM-SHA-", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_a_terminal_the_bot_answers_and_comes_back_when_its_link_is_cut()
    {
        await using var bot = SampleProcess.StartAtTerminal("EchoBot");
        var place = await bot.WaitForAsync("(bot online)");

        await bot.WriteAsync("hello [[there]\r");
        place = await bot.WaitForAsync("bot>", place);
        place = await bot.WaitForAsync("hello [[there]", place);

        await bot.WriteAsync("/status\r");
        place = await bot.WaitForAsync("Online, bot@localhost/", place);

        await bot.WriteAsync("/drop\r");
        place = await bot.WaitForAsync("ConnectionLost", place);
        place = await bot.WaitForAsync("(bot offline)", place);
        place = await bot.WaitForAsync("The bot is online as bot@localhost/", place);

        await bot.WriteAsync("corrcet\u007f\u007f\u007fect\r");
        place = await bot.WaitForAsync("bot>", place);
        await bot.WaitForAsync("correct", place);

        await bot.WriteAsync("/quit\r");
        Assert.Equal(0, (await bot.WaitForExitAsync()).ExitCode);
    }

    private static async Task<SampleProcess> AskAsync(string input)
    {
        var bot = SampleProcess.Start("EchoBot", []);
        await bot.WriteAsync(input);
        bot.EndInput();
        return bot;
    }
}
