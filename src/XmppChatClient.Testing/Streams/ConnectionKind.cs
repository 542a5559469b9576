namespace XmppChatClient.Testing.Streams;

/// <summary>How a connection begins.</summary>
internal enum ConnectionKind
{
    /// <summary>In the clear, with STARTTLS offered.</summary>
    StartTls,

    /// <summary>With TLS at once.</summary>
    DirectTls,

    /// <summary>Carried by something else than TCP, without TLS.</summary>
    Carried,

    /// <summary>Carried by something else than TCP, whose TLS is its own.</summary>
    CarriedSecurely,

    /// <summary>A component's, in the clear (XEP-0114).</summary>
    Component,

    /// <summary>From inside the process and logged in already: a test user's.</summary>
    LoggedIn,
}
