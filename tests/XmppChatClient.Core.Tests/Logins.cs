using System.Text;
using System.Text.RegularExpressions;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Core.Tests;

/// <summary>The parts of a recorded login of alice@example.test, whose password is "secret".</summary>
internal static partial class Logins
{
    public const string Password = "secret";

    public const string Header =
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='s' from='example.test' version='1.0'>";

    public const string StartTls = $"""
        C: version='1.0'
        S: {Header}
        S: <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>
        C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
        S: <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>
        S: !tls

        """;

    public const string Offer = $"""
        C: version='1.0'
        S: {Header}
        S: <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256</mechanism></mechanisms></stream:features>

        """;

    public const string Scram = """
        C: </auth>
        S: <challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{scram-first}</challenge>
        C: </response>
        S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{scram-final}</success>

        """;

    public const string Bind = $$"""
        C: version='1.0'
        S: {{Header}}
        S: <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>
        C: </iq>
        S: <iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>alice@example.test/1</jid></bind></iq>

        """;

    /// <summary>All of it, over TLS.</summary>
    public const string Whole = StartTls + Offer + Scram + Bind;

    // One for all of them: a login is one of many here.
    private static readonly ScriptedScram OfPassword = new(Password);

    public static string[] Lines(string script) =>
        script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What the client sent in SASL, decoded.</summary>
    public static string[] SaslOf(this ScriptedServer server) =>
        [.. SaslData().Matches(server.Received).Select(m => Encoding.UTF8.GetString(Convert.FromBase64String(m.Groups[1].Value)))];

    public static ScriptedServer Server(
        string script,
        Certificates? certificates = null,
        ServerCertificate certificate = ServerCertificate.Server,
        long? splitAt = null,
        Func<string, string>? lie = null,
        ScriptedServer? next = null) =>
        new(script)
        {
            SplitAt = splitAt,
            Certificate = certificates?.Of(certificate),
            Scram = OfPassword,
            ChangeScram = lie ?? (said => said),
            Next = next,
        };

    /// <summary>Alice's client: over STARTTLS when there are certificates, else in the clear.</summary>
    public static XmppClientOptions Options(
        this ScriptedServer server, Certificates? certificates, Action<XmppClientOptions>? configure = null) =>
        server.Options(o =>
        {
            o.Jid = Jid.Parse("alice@example.test");
            o.Password = Password;
            o.Tls = certificates is null ? TlsMode.Disabled : TlsMode.Required;
            o.TrustedRoots = certificates?.TrustedRoots;
            configure?.Invoke(o);
        });

    [GeneratedRegex("<(?:auth|response|initial-response)\\b[^>]*>([A-Za-z0-9+/=]+)</")]
    private static partial Regex SaslData();
}
