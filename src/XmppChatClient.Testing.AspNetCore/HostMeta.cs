namespace XmppChatClient.Testing;

/// <summary>The files that say where the WebSocket is (XEP-0156 v1.4.0).</summary>
internal static class HostMeta
{
    private const string Relation = "urn:xmpp:alt-connections:websocket";

    /// <returns>The file and its type; <see langword="null"/> when there is none at that path.</returns>
    public static (string Type, string File)? Of(string? path, Uri endpoint) => path switch
    {
        "/.well-known/host-meta" => (
            "application/xrd+xml",
            $"<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='{Relation}' href='{endpoint}'/></XRD>"),
        "/.well-known/host-meta.json" => (
            "application/json", $$"""{ "links": [{ "rel": "{{Relation}}", "href": "{{endpoint}}" }] }"""),
        _ => null,
    };
}
