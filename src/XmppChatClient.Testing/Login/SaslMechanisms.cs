using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Login;

/// <summary>The mechanisms there are.</summary>
internal static class SaslMechanisms
{
    public static bool IsKnown(string mechanism) =>
        mechanism is "PLAIN" or "ANONYMOUS" || ScramVariant.Find(mechanism) is not null;

    public static bool BindsChannel(string mechanism) => mechanism.EndsWith("-PLUS", StringComparison.Ordinal);

    public static bool NeedsTls(string mechanism) => mechanism == "PLAIN" || BindsChannel(mechanism);

    /// <exception cref="ArgumentException">The mechanism is not known.</exception>
    public static ISaslExchange Create(
        string mechanism, ServerEngine server, ServerConnection connection, LoginOffer offer) => mechanism switch
        {
            "PLAIN" => new PlainExchange(server),
            "ANONYMOUS" => new AnonymousExchange(server),
            _ => new ScramExchange(
                server, connection,
                ScramVariant.Find(mechanism) ?? throw new ArgumentException($"{mechanism} is no known mechanism.", nameof(mechanism)),
                BindsChannel(mechanism), offer),
        };
}
