using XmppChatClient.Testing.Server;

namespace XmppChatClient.Testing.Login;

/// <summary>SASL ANONYMOUS (RFC 4505): an account that lasts as long as its session.</summary>
internal sealed class AnonymousExchange(ServerEngine server) : ISaslExchange
{
    // The trace may be left out, and both servers ask for none.
    public bool ClientBegins => false;

    public SaslStep Next(byte[] message) => new SaslSuccess(server.Accounts.AddAnonymous());
}
