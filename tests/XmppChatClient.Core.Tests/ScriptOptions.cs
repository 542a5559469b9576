namespace XmppChatClient.Core.Tests;

internal static class ScriptOptions
{
    /// <summary>A client of this server that asks for no TLS and, having no account, logs in as nobody.</summary>
    public static XmppClientOptions Options(this ScriptedServer server, Action<XmppClientOptions>? configure = null)
    {
        var options = new XmppClientOptions
        {
            Jid = Jid.Parse("example.org"),
            Tls = TlsMode.Disabled,
            Presence = null,
        };
        options.Reconnect.Enabled = false;
        configure?.Invoke(options);
        options.UseScriptedServer(server);
        options.Dialer = Carrier.Of(options.Dialer!);
        return options;
    }
}
