using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests;

/// <summary>Knowing where the server is, without waiting for what does not come.</summary>
internal static class TestUserFence
{
    /// <summary>Waits until the server has dealt with everything that the user sent, and the user has got everything that was
    /// sent to it before.</summary>
    public static async Task SettleAsync(this TestUser user)
    {
        var ping = new Iq(IqType.Get, XmppElement.Parse("<ping xmlns='urn:xmpp:ping'/>"));
        Assert.Equal(
            IqType.Result,
            (await user.RequestAsync(ping with { To = Jid.Parse(user.Jid.Domain) }, TestContext.Current.CancellationToken)).Type);
    }
}
