namespace XmppChatClient.Streams;

/// <summary>Namespaces of RFC 6120.</summary>
public static class XmppNamespaces
{
    /// <summary>The stanzas of a client's stream.</summary>
    public const string Client = "jabber:client";

    /// <summary>The stanzas of a component's stream (XEP-0114).</summary>
    public const string Component = "jabber:component:accept";

    /// <summary>The stream itself, its features and its errors.</summary>
    public const string Streams = "http://etherx.jabber.org/streams";
}
