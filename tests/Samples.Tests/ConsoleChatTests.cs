using System.Net;
using XmppChatClient.Testing;

namespace XmppChatClient.Samples.Tests;

public sealed class ConsoleChatTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("roots-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_shows_the_contacts_sends_lines_and_prints_messages()
    {
        await using var server = await StartServerAsync();
        var you = server.AddAccount("you");
        await using (var contact = await server.LoginAsync("you/elsewhere", Token))
        {
            await contact.SendXmlAsync(
                "<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='juliet@localhost' name='Juliet'/></query></iq>", Token);
            await contact.SendXmlAsync("<iq type='get' id='2'><ping xmlns='urn:xmpp:ping'/></iq>", Token);
            while ((await contact.ReceiveXmlAsync(Token)).Attribute("id") != "2")
            {
            }
        }

        await using var juliet = await server.LoginAsync("juliet", Token);
        await using var chat = StartChat(server, you.Jid, you.Password);
        var place = await chat.WaitForAsync("  juliet@localhost Juliet");

        await chat.WriteAsync("hello\n");
        var message = await juliet.ReceiveAsync(Token);
        Assert.Equal("hello", message.Body);
        await juliet.SendAsync(message.From!, "and to you", Token);
        await chat.WaitForAsync("juliet@localhost> and to you", place);

        chat.EndInput();
        Assert.Equal((0, ""), await chat.WaitForExitAsync());
    }

    [Fact]
    public async Task A_wrong_password_is_one_line()
    {
        await using var server = await StartServerAsync();
        await using var chat = StartChat(server, server.AddAccount("you").Jid, "wrong");

        var (exitCode, error) = await chat.WaitForExitAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("not-authorized", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<XmppTestServer> StartServerAsync() => XmppTestServer.StartAsync(
        new XmppTestServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, Token);

    private SampleProcess StartChat(XmppTestServer server, Jid you, string password)
    {
        var roots = Path.Combine(_folder.FullName, "root.pem");
        File.WriteAllText(roots, server.TrustedRoot.ExportCertificatePem());
        return SampleProcess.Start(
            "ConsoleChat",
            [you.ToString(), "juliet@localhost"],
            ("XMPP_PASSWORD", password),
            ("XMPP_HOST", $"{server.EndPoint!.Address}"),
            ("XMPP_PORT", $"{server.EndPoint.Port}"),
            ("XMPP_ROOTS", roots));
    }
}
