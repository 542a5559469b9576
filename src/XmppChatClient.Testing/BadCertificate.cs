namespace XmppChatClient.Testing;

/// <summary>A certificate that no client must take.</summary>
public enum BadCertificate
{
    /// <summary>Signed by the server's root, for its domain, and valid until yesterday.</summary>
    Expired,

    /// <summary>Signed by the server's root, valid now, and for <c>elsewhere.test</c>.</summary>
    WrongHost,

    /// <summary>For the server's domain, valid now, and signed by itself.</summary>
    SelfSigned,
}
