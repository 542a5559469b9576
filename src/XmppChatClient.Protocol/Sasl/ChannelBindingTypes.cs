namespace XmppChatClient.Sasl;

/// <summary>The registered names of channel-binding types. <c>tls-exporter</c> (RFC 9266) is missing on purpose: the
/// platform's TLS stream gives no access to exported keying material.</summary>
public static class ChannelBindingTypes
{
    /// <summary>RFC 5929 §4: a hash of the server's certificate. Any version of TLS.</summary>
    public const string TlsServerEndPoint = "tls-server-end-point";

    /// <summary>RFC 5929 §3: the first Finished message. TLS 1.2 and older: RFC 8446 §C.5 leaves it undefined for
    /// 1.3.</summary>
    public const string TlsUnique = "tls-unique";
}
