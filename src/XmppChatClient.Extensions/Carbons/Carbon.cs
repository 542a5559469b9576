using XmppChatClient.Forwarding;
using XmppChatClient.Xml;

namespace XmppChatClient.Carbons;

/// <summary>A message that our server has copied to us (XEP-0280 v1.0.1 §7, §8).</summary>
internal static class Carbon
{
    public const string Namespace = "urn:xmpp:carbons:2";

    private static readonly XmlName Sent = new(Namespace, "sent");
    private static readonly XmlName Received = new(Namespace, "received");

    /// <summary>Whether that says it is one. Anybody can.</summary>
    public static bool IsClaimed(Message message) => Wrappers(message).Any();

    /// <returns><see langword="null"/> for what is none, for what nobody can read, and for what is not by our account itself (§12): a
    /// stranger could put words into anybody's mouth.</returns>
    public static CopyReceived? Read(Message message, Jid account) =>
        message.From == account && Wrappers(message).ToArray() is [var wrapper] && wrapper.Get<Forwarded>() is { } forwarded
            ? new CopyReceived(forwarded.Message, wrapper.Name == Sent)
            : null;

    private static IEnumerable<XmppElement> Wrappers(Message message) =>
        message.Payloads.OfType<XmppElement>().Where(e => e.Name == Sent || e.Name == Received);
}
