using System.Net;
using XmppChatClient.Transports.Tcp;

namespace XmppChatClient.Core.Tests.Components;

/// <summary>Servers that a component of <c>quiz.example.org</c> with the secret <c>hush</c> meets.</summary>
internal static class ComponentScripts
{
    public const string Header =
        "C: <stream:stream to='quiz.example.org' version='1.0' xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'>\n"
        + "S: <stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' from='quiz.example.org' id='3BF96D32'>\n";

    /// <summary>SHA-1 of <c>3BF96D32hush</c>.</summary>
    public const string Handshake =
        Header + "C: <handshake xmlns='jabber:component:accept'>3ca4ebcf5bfc32173bd880cb93abca93cee28925</handshake>\n";

    public const string Login = Handshake + "S: <handshake/>\n";

    public static XmppComponentOptions Options(this ScriptedServer server, Action<XmppComponentOptions>? configure = null)
    {
        var options = new XmppComponentOptions { Domain = "quiz.example.org", Secret = "hush" };
        options.Reconnect.Enabled = false;
        options.UseScriptedServer(server);
        configure?.Invoke(options);
        return options;
    }

    /// <summary>A component that is connected.</summary>
    public static async Task<XmppClient> ConnectAsync(this ScriptedServer server, CancellationToken cancellationToken)
    {
        var client = new XmppClient(server.Options(configure: null));
        await client.ConnectAsync(cancellationToken);
        return client;
    }

    public static string Error(string condition) =>
        $"S: <stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>";

    /// <summary>Notes where to, and connects nowhere.</summary>
    public sealed class Dialer : IStreamDialer
    {
        public IPEndPoint? Dialed { get; private set; }

        public ValueTask<Stream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
        {
            Dialed = address;
            throw new IOException("Nobody there.");
        }
    }
}
