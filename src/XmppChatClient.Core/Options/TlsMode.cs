namespace XmppChatClient;

/// <summary>How the connection is protected.</summary>
public enum TlsMode
{
    /// <summary>TLS, and nothing without it: from the first byte where DNS SRV names a place for that (XEP-0368 v1.1.0), and
    /// else with STARTTLS (RFC 6120 §5); over WebSocket <c>wss:</c>, over BOSH
    /// <c>https:</c>. The default.</summary>
    Required,

    /// <summary>Nothing but TLS from the first byte, port 5223 unless SRV or <c>Port</c> say otherwise; over
    /// WebSocket and BOSH the same as <see cref="Required"/>.</summary>
    Direct,

    /// <summary>No TLS at all: only for a server on this machine. Passwords and messages go in the clear.</summary>
    Disabled,
}
