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
    public static bool IsClaimed(Message message) => Find(message, out _) is not null;

    /// <returns><see langword="null"/> for what is none, for what nobody can read, and for what is not by our account itself (§11): a
    /// stranger could put words into anybody's mouth.</returns>
    public static CopyReceived? Read(Message message, Jid account) =>
        message.From == account && Find(message, out var isOnly) is { } wrapper && isOnly && wrapper.Get<Forwarded>() is { } forwarded
            ? new CopyReceived(forwarded.Message, wrapper.Name == Sent)
            : null;

    private static XmppElement? Find(Message message, out bool isOnly)
    {
        XmppElement? found = null;
        isOnly = true;
        foreach (var payload in message.Payloads)
        {
            if (payload is XmppElement element && (element.Name == Sent || element.Name == Received))
            {
                isOnly = found is null;
                found ??= element;
            }
        }

        return found;
    }
}
