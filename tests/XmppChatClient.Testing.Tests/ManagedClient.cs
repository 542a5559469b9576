using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests;

/// <summary>A client of stream management that does nothing by itself, in XML.</summary>
internal sealed class ManagedClient : IAsyncDisposable
{
    private const string Namespace = " xmlns='urn:xmpp:sm:3'";

    private readonly RawClient _client;

    private ManagedClient(RawClient client) => _client = client;

    /// <summary>Logs in, and binds nothing.</summary>
    public static async Task<ManagedClient> ConnectAsync(XmppTestServer server, TestAccount account)
    {
        var client = new ManagedClient(RawClient.Connect(server, account));
        await client._client.RestartAsync();
        return client;
    }

    /// <summary>Logs in and binds <c>orchard</c>, or what is named.</summary>
    public static async Task<ManagedClient> BindAsync(XmppTestServer server, TestAccount account, string resource = "orchard")
    {
        var client = await ConnectAsync(server, account);
        await client.SendAsync(
            $"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{resource}</resource></bind></iq>");
        Assert.StartsWith("<iq type='result' id='b'>", await client.NextAsync(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>Binds, enables resumption and is available, with all acknowledged: one stanza each way.</summary>
    /// <returns>The client, and the id to resume by.</returns>
    public static async Task<(ManagedClient Client, string Id)> ResumableAsync(
        XmppTestServer server, TestAccount account, string resource = "orchard")
    {
        var client = await BindAsync(server, account, resource);
        await client.SendAsync("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        var enabled = (await client._client.NextAsync())!;
        await client.BecomeAvailableAsync();
        return (client, enabled.Attribute("id")!);
    }

    /// <summary>Sends presence and acknowledges its own, and the server knows that when this ends.</summary>
    public async Task BecomeAvailableAsync()
    {
        await SendAsync("<presence/>");
        Assert.StartsWith("<presence ", await NextAsync(), StringComparison.Ordinal);
        Assert.Equal("<r/>", await NextAsync());
        await SendAsync("<a xmlns='urn:xmpp:sm:3' h='1'/><r xmlns='urn:xmpp:sm:3'/>");
        Assert.Equal("<a h='1'/>", await NextAsync());
    }

    public Task SendAsync(string xml) => _client.SendAsync(xml);

    /// <summary>Sends a resume.</summary>
    public Task ResumeAsync(string id, uint handled) => SendAsync($"<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='{handled}'/>");

    /// <summary>The next thing without the usual namespaces; "end" for the stream's.</summary>
    public async Task<string> NextAsync() => await _client.NextAsync() is { } next
        ? next.ToText()
            .Replace(Namespace, "", StringComparison.Ordinal)
            .Replace(" xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'", "", StringComparison.Ordinal)
        : "end";

    public async Task<XmppElement> NextElementAsync() => (await _client.NextAsync())!;

    /// <summary>The condition of the stream error that comes next, or later.</summary>
    public Task<string> ErrorAsync() => _client.ErrorAsync();

    /// <summary>Is gone without a word.</summary>
    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
