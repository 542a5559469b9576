using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;
using XmppChatClient;
using XmppChatClient.Testing;

namespace EchoBot.QuickStart;

/// <summary>An XMPP server in this process, with an account for the bot and one for you, for as long as the program runs.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private static readonly IPEndPoint UsualAddress = new(IPAddress.Loopback, 5222);

    private readonly XmppTestServer _server;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("echobot-");

    private EmbeddedServer(XmppTestServer server)
    {
        _server = server;
        Bot = server.AddAccount("bot");
        You = server.AddAccount("you");
        TrustedRoot = Path.Combine(_folder.FullName, "root.pem");
        File.WriteAllText(TrustedRoot, server.TrustedRoot.ExportCertificatePem() + "\n");
    }

    public TestAccount Bot { get; }

    public TestAccount You { get; }

    public IPEndPoint Address => _server.EndPoint!;

    public bool HasUsualPort => Address.Port == UsualAddress.Port;

    /// <summary>PEM file of what a client must trust.</summary>
    public string TrustedRoot { get; }

    /// <summary>Starts a server, has the bot log in to it, and gives the bot somebody to talk to. Null when the settings name
    /// an account elsewhere, or say that no server is wanted.</summary>
    public static async Task<EmbeddedServer?> StartIfWantedAsync(HostApplicationBuilder builder, XmppBuilder xmpp)
    {
        if (!EmbeddedServerSetting.Take(builder.Configuration))
        {
            return null;
        }

        var server = new EmbeddedServer(await ListenAsync());
        var atTerminal = IsTerminal();
        builder.Configuration.AddInMemoryCollection(server.Settings(atTerminal));
        builder.Services.AddSingleton(server);
        if (atTerminal)
        {
            builder.Services.AddSingleton<TerminalChat>().AddSingleton<IChat>(s => s.GetRequiredService<TerminalChat>());
            xmpp.AddSessionHandler<TerminalChat>();
        }
        else
        {
            builder.Services.AddSingleton<PipedChat>().AddSingleton<IChat>(s => s.GetRequiredService<PipedChat>());
            xmpp.AddSessionHandler<PipedChat>();
        }

        builder.Services.AddHostedService<ChatService>();
        return server;
    }

    /// <summary>A client of yours, not connected yet. It does not come back by itself: a link within one process that breaks is
    /// something to hear of.</summary>
    public XmppClient CreateYourClient()
    {
        var options = new XmppClientOptions().UseTestServer(_server, You);
        options.Reconnect.Enabled = false;
        options.AddStandardModules();
        return new XmppClient(options);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<XmppTestServer> ListenAsync()
    {
        var options = new XmppTestServerOptions { Listen = UsualAddress, TranscriptLength = 0 };
        try
        {
            return await XmppTestServer.StartAsync(options);
        }
        catch (TestServerException)
        {
            return await XmppTestServer.StartAsync(options with { Listen = new IPEndPoint(IPAddress.Loopback, 0) });
        }
    }

    private static bool IsTerminal() =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    // As anybody would set them. The console is for the chat: of the log it shows what went wrong only, beside the chat.
    private Dictionary<string, string?> Settings(bool atTerminal) => new()
    {
        ["Xmpp:Jid"] = Bot.Jid.ToString(),
        ["Xmpp:Password"] = Bot.Password,
        ["Xmpp:Host"] = Address.Address.ToString(),
        ["Xmpp:Proxy"] = "none",
        ["Xmpp:Port"] = $"{Address.Port}",
        ["Xmpp:TrustedRoots"] = TrustedRoot,
        ["Serilog:WriteTo:Console:Args:restrictedToMinimumLevel"] = atTerminal ? "Error" : "Warning",
        ["Serilog:WriteTo:Console:Args:standardErrorFromLevel"] = "Verbose",
    };
}
