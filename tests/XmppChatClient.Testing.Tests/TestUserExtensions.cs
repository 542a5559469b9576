using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests;

/// <summary>Knowing that a user has got everything, without waiting for what does not come.</summary>
internal static class TestUserExtensions
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>All that the user has got and not taken, as XML.</summary>
    public static async Task<string[]> GotAsync(this TestUser user)
    {
        await user.SettleAsync();
        var got = new List<string>();
        while (user.Unread.Count > 0)
        {
            got.Add((await user.ReceiveXmlAsync(Token)).ToText());
        }

        return [.. got];
    }

    /// <summary>Sends a stanza as XML, and waits until the server has dealt with it.</summary>
    public static async Task DoAsync(this TestUser user, string xml)
    {
        await user.SendXmlAsync(xml, Token);
        await user.SettleAsync();
    }

    /// <summary>Asks with a payload as XML.</summary>
    /// <returns>The answer's payload as XML; an error as its condition.</returns>
    public static async Task<string> AskAsync(this TestUser user, string type, string payload, Jid? to = null)
    {
        var answer = await user.RequestAsync(
            new Iq(type == "get" ? IqType.Get : IqType.Set, XmppElement.Parse(payload)) { To = to }, Token);
        return answer.Type == IqType.Error ? answer.Error!.ToString() : ((XmppElement?)answer.Payload)?.ToText() ?? "";
    }

    /// <summary>All that is in the user's archive or a room's, up to a page. Takes what was not taken before.</summary>
    public static async Task<(string Id, string Message)[]> ArchiveAsync(this TestUser user, Jid? room = null)
    {
        await user.GotAsync();
        Assert.StartsWith("<fin ", await user.AskAsync("set", "<query xmlns='urn:xmpp:mam:2'/>", room), StringComparison.Ordinal);
        var found = new List<(string, string)>();
        while (user.Unread.Count > 0)
        {
            var result = (await user.ReceiveXmlAsync(Token)).Elements.ToArray()[0];
            found.Add((result.Attribute("id")!, result.Elements.ToArray()[0].Elements.ToArray()[1].ToText()));
        }

        return [.. found];
    }

    public static string ToText(this XmppElement element) =>
        element.ToString().Replace(" xmlns='jabber:client'", "", StringComparison.Ordinal);
}
