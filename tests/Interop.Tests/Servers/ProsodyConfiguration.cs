using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace XmppChatClient.Interop.Tests.Servers;

internal static class ProsodyConfiguration
{
    public static string For(XmppServer server, string data, string plugins)
    {
        var settings = server.Settings;
        var certificates = server.Certificates;
        var key = certificates.KeyFile(settings.Certificate);
        var certificate = certificates.CertificateFile(settings.Certificate);
        // mod_auth_ccert's own words: without lsec_ignore_purpose = false a client's certificate is checked as a server's.
        var ask = settings.ClientCertificates
            ? $$"""cafile = "{{certificates.TrustedRoots}}"; capath = false; verify = { "peer", "client_once" }; verifyext = { lsec_ignore_purpose = false };"""
            : "";
        var tls = $$"""{ key = "{{key}}"; certificate = "{{certificate}}"; protocol = "{{Protocol(settings.Tls)}}"; {{ask}} }""";
        var authentication = settings switch
        {
            { ClientCertificates: true } => "ccert",
            { PasswordStorage: PasswordStorage.Hashed } => "internal_hashed",
            _ => "internal_plain",
        };

        return $$"""
            run_as_root = true -- read only when the user is root, and then Prosody refuses to start without it
            data_path = "{{data}}"
            plugin_paths = { "{{plugins}}" }
            log = { { levels = { min = "info" }, to = "console" } }
            interfaces = { "127.0.0.1" }
            modules_disabled = { "s2s", "s2s_auth_certs" }
            modules_enabled = {
                "test_host", {{(settings.OfferTls ? "\"tls\"," : "")}}
                "disco", "roster", "saslauth", "ping", "version", "time", "uptime", "register", "private",
                "blocklist", "bookmarks", "carbons", "csi", "mam", "pep", "smacks", "vcard4", "vcard_legacy",
                "offline", "bosh", "websocket",{{(settings.Sasl2 ? " \"sasl2\", \"sasl2_bind2\", \"sasl2_sm\", \"sasl2_fast\"," : "")}}{{(settings.ProveOffer ? " \"sasl_ssdp\"," : "")}}
            }
            allow_registration = true
            c2s_require_encryption = {{Lua(!settings.AllowPlaintext)}}
            allow_unencrypted_plain_auth = {{Lua(settings.AllowPlaintext)}}
            -- else BOSH and WebSocket on the plain HTTP port offer no mechanism at all
            consider_bosh_secure = true
            consider_websocket_secure = true

            ssl = {{tls}}
            c2s_direct_tls_ssl = {{tls}}
            https_ssl = {{tls}}
            c2s_ports = { {{server.Port}} }
            c2s_direct_tls_ports = { {{server.DirectTlsPort}} }
            component_ports = { {{server.ComponentPort}} }
            component_interfaces = { "127.0.0.1" }
            http_ports = { {{server.HttpPort}} }
            http_interfaces = { "127.0.0.1" }
            https_ports = { {{server.HttpsPort}} }
            https_interfaces = { "127.0.0.1" }
            http_default_host = "{{server.Domain}}"

            {{(settings.CertificateBinding ? $"tls_server_end_point_hash = \"{HashOf(certificate)}\"" : "")}}
            storage = "internal"
            default_archive_policy = true
            smacks_hibernation_time = 60

            VirtualHost "{{server.Domain}}"
                authentication = "{{authentication}}"
                disco_items = { { "{{server.UploadDomain}}", "File upload" } }
            VirtualHost "{{server.AnonymousDomain}}"
                authentication = "anonymous"
            -- Rooms stay locked until their owner configures them, as in a default installation and unlike ejabberd.
            Component "{{server.ConferenceDomain}}" "muc"
                modules_enabled = { "muc_mam" }
                muc_log_by_default = true
            Component "{{server.UploadDomain}}" "http_file_share"
                http_external_url = "https://127.0.0.1:{{server.HttpsPort}}/"
                http_host = "127.0.0.1"
            Component "{{server.ComponentDomain}}"
                component_secret = "{{server.ComponentSecret}}"

            """;
    }

    // Its own "auto" is forgotten after the first connection (13.0.1).
    private static string HashOf(string file)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        return Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
    }

    private static string Lua(bool value) => value ? "true" : "false";

    private static string Protocol(SslProtocols versions) => versions switch
    {
        SslProtocols.Tls12 => "tlsv1_2",
        SslProtocols.Tls13 => "tlsv1_3",
        _ => "tlsv1_2+",
    };
}
