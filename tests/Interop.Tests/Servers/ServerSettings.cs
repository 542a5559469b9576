using System.Security.Authentication;

namespace XmppChatClient.Interop.Tests.Servers;

/// <summary>What a test may want different from an ordinary, well-run server.</summary>
public sealed record ServerSettings
{
    /// <summary>The TLS versions the server speaks: 1.2, 1.3 or (default) both.</summary>
    public SslProtocols Tls { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>False lets users log in without TLS, with PLAIN too. Meaningless without <see cref="OfferTls"/>.</summary>
    public bool RequireTls { get; init; } = true;

    /// <summary>False takes STARTTLS away: the server asks for passwords in the clear. Direct TLS stays.</summary>
    public bool OfferTls { get; init; } = true;

    public ServerCertificate Certificate { get; init; } = ServerCertificate.Server;

    public PasswordStorage PasswordStorage { get; init; } = PasswordStorage.Plain;

    /// <summary>
    /// True asks clients for a certificate and offers EXTERNAL to those who show one. ejabberd keeps the password
    /// mechanisms beside it; Prosody has EXTERNAL only, since an authentication module replaces another there.
    /// </summary>
    public bool ClientCertificates { get; init; }

    /// <summary>Whether Prosody offers SASL2, with Bind 2, resumption and FAST. ejabberd cannot do otherwise.
    /// </summary>
    public bool Sasl2 { get; init; } = true;

    /// <summary>Whether Prosody lets logins be bound to its certificate, which it does not by default. Over TLS 1.3 nothing else is left
    /// for a client without tls-exporter. ejabberd always does.</summary>
    public bool CertificateBinding { get; init; }

    /// <summary>False keeps the server from proving what it offered (XEP-0474), for tests that change the offer on its way. Prosody
    /// does it with a community module.</summary>
    public bool ProveOffer { get; init; } = true;

    internal bool AllowPlaintext => !OfferTls || !RequireTls;
}
