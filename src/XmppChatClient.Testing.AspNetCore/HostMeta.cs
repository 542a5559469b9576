namespace XmppChatClient.Testing;

/// <summary>The files that say where WebSocket and BOSH are (XEP-0156 v1.4.0).</summary>
internal static class HostMeta
{
    private const string WebSocket = "urn:xmpp:alt-connections:websocket";
    private const string Bosh = "urn:xmpp:alt-connections:xbosh";

    /// <returns>The file and its type; <see langword="null"/> when there is none at that path.</returns>
    public static (string Type, string File)? Of(string? path, Uri webSocket, Uri bosh) => path switch
    {
        "/.well-known/host-meta" => (
            "application/xrd+xml",
            $"<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='{Bosh}' href='{bosh}'/>"
            + $"<Link rel='{WebSocket}' href='{webSocket}'/></XRD>"),
        "/.well-known/host-meta.json" => (
            "application/json",
            $$"""{ "links": [{ "rel": "{{Bosh}}", "href": "{{bosh}}" }, { "rel": "{{WebSocket}}", "href": "{{webSocket}}" }] }"""),
        _ => null,
    };
}
