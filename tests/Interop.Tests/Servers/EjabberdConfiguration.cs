using System.Security.Authentication;

namespace XmppChatClient.Interop.Tests.Servers;

internal static class EjabberdConfiguration
{
    public static string For(XmppServer server, string database, string upload)
    {
        var settings = server.Settings;
        var certificates = server.Certificates;
        var startTls = settings switch
        {
            { OfferTls: false } => "",
            { RequireTls: true } => ", starttls_required: true",
            _ => ", starttls: true",
        };
        var ask = settings.ClientCertificates ? $", tls_verify: true, cafile: \"{certificates.TrustedRoots}\"" : "";
        var withoutVersion = settings.Tls switch
        {
            SslProtocols.Tls12 => ", no_tlsv1_3",
            SslProtocols.Tls13 => ", no_tlsv1_2",
            _ => "",
        };
        var storage = settings.PasswordStorage == PasswordStorage.Hashed ? "scram" : "plain";

        // No shapers and no limits: a test that waits for the server's brake measures the brake.
        return $$"""
            loglevel: info
            hosts: [{{server.Domain}}, {{server.AnonymousDomain}}]
            certfiles: ["{{certificates.BundleFile(settings.Certificate)}}"]
            ca_file: "{{certificates.TrustedRoots}}"
            c2s_protocol_options: [no_sslv3, no_tlsv1, no_tlsv1_1, cipher_server_preference, no_compression{{withoutVersion}}]
            s2s_access: none
            acme: {auto: false}
            auth_method: internal
            auth_password_format: {{storage}}
            disable_sasl_scram_downgrade_protection: {{(settings.ProveOffer ? "false" : "true")}}
            registration_timeout: infinity
            sql_type: sqlite
            sql_database: "{{database}}"
            host_config:
              {{server.AnonymousDomain}}:
                auth_method: anonymous
                anonymous_protocol: sasl_anon
                allow_multiple_connections: true
            # one address, so one virtual host only
            append_host_config:
              {{server.Domain}}:
                modules:
                  mod_http_upload:
                    host: {{server.UploadDomain}}
                    docroot: "{{upload}}"
                    put_url: "https://127.0.0.1:{{server.HttpsPort}}/upload"

            listen:
              - {port: {{server.Port}}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, shaper: none, access: all{{startTls}}{{ask}}}
              - {port: {{server.DirectTlsPort}}, ip: "127.0.0.1", module: ejabberd_c2s, max_stanza_size: 262144, shaper: none, access: all, tls: true{{ask}}}
              - port: {{server.ComponentPort}}
                ip: "127.0.0.1"
                module: ejabberd_service
                access: all
                shaper: none
                hosts:
                  {{server.ComponentDomain}}: {password: {{server.ComponentSecret}}}
              - port: {{server.DirectTlsComponentPort}}
                ip: "127.0.0.1"
                module: ejabberd_service
                access: all
                shaper: none
                tls: true
                certfile: "{{certificates.BundleFile(settings.Certificate)}}"
                hosts:
                  {{server.ComponentDomain}}: {password: {{server.ComponentSecret}}}
              - port: {{server.HttpPort}}
                ip: "127.0.0.1"
                module: ejabberd_http
                request_handlers: {/http-bind: mod_bosh, /xmpp-websocket: ejabberd_http_ws}
              - port: {{server.HttpsPort}}
                ip: "127.0.0.1"
                module: ejabberd_http
                tls: true
                request_handlers: {/http-bind: mod_bosh, /xmpp-websocket: ejabberd_http_ws, /upload: mod_http_upload}

            acl:
              local: {user_regexp: ""}
            access_rules:
              local: {allow: local}
            shaper_rules:
              max_user_sessions: 1000
              max_user_offline_messages: 100000

            modules:
              mod_adhoc: {}
              mod_auth_fast: {}
              mod_avatar: {}
              mod_blocking: {}
              mod_bosh: {}
              mod_caps: {}
              mod_carboncopy: {}
              mod_client_state: {}
              mod_disco: {}
              mod_last: {}
              # On Mnesia each archived message costs some 20 ms, and more as the archive grows.
              mod_mam: {db_type: sql, assume_mam_usage: true, default: always}
              mod_muc:
                host: conference.@HOST@
                access: all
                access_create: all
                access_persistent: all
                access_mam: all
                max_user_conferences: 1000
                min_message_interval: 0
                min_presence_interval: 0
                default_room_options: {mam: true, allow_change_subj: false}
              mod_offline: {}
              mod_ping: {}
              mod_privacy: {}
              mod_private: {}
              mod_pubsub: {host: pubsub.@HOST@, access_createnode: all, last_item_cache: false, plugins: [flat, pep]}
              mod_register: {access: all, ip_access: all}
              mod_roster: {versioning: true}
              mod_stream_mgmt: {resend_on_timeout: if_offline, resume_timeout: 60, max_ack_queue: 100000}
              mod_time: {}
              mod_vcard: {}
              mod_vcard_xupdate: {}
              mod_version: {}

            """;
    }
}
