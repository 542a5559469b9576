using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Faults;

/// <summary>A connection ends after so many stanzas. Happens once.</summary>
internal sealed class DropAfterStanzasFault(FaultHooks hooks, Jid? account, int count, bool closeStream) : Fault(hooks, account)
{
    private int _left = count;

    public override void Sent(ServerConnection connection, XmppElement element)
    {
        if (!RoutedStanza.TryKind(element.Name, out _) || --_left != 0)
        {
            return;
        }

        Dispose();
        if (closeStream)
        {
            connection.Close();
        }
        else
        {
            connection.Cut();
        }
    }
}
