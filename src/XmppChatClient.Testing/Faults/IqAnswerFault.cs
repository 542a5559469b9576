using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Faults;

/// <summary>Answers to a client's requests come as they should not, whoever answers.</summary>
internal sealed class IqAnswerFault(ServerEngine server, Jid? account, XmlName payload, IqFault how)
    : Fault(server.Faults, account)
{
    private readonly HashSet<(object Asker, string Id)> _asked = [];

    public override void Received(ServerConnection connection, XmppElement element)
    {
        if (element.Name == StanzaNames.Iq && element.Attribute("type") is "get" or "set"
            && element.Attribute("id") is { } id && element.FirstChild()?.Name == payload)
        {
            _asked.Add(((object?)connection.Session ?? connection, id));
        }
    }

    public override bool TrySend(object asker, XmppElement element, Action<XmppElement> send)
    {
        if (element.Name != StanzaNames.Iq || element.Attribute("type") is not ("result" or "error")
            || element.Attribute("id") is not { } id || !_asked.Remove((asker, id)))
        {
            return false;
        }

        if (how.After is { } time)
        {
            _ = SendLaterAsync(element, time, send);
        }
        else if (how == IqFault.Twice)
        {
            send(element);
            send(element);
        }
        else if (how == IqFault.FromWrongSender)
        {
            send(From(new Jid("stranger", server.Domain.Domain, "x"), element));
        }

        return true;
    }

    private static XmppElement From(Jid sender, XmppElement element) => new(
        element.Name,
        [
            new XmlAttribute(StanzaNames.From, sender.ToString()),
            .. element.Attributes.ToArray().Where(a => a.Name != StanzaNames.From),
        ],
        element.Content);

    private async Task SendLaterAsync(XmppElement element, TimeSpan time, Action<XmppElement> send)
    {
        await Task.Delay(time, server.Clock).ConfigureAwait(false);
        lock (server.Gate)
        {
            send(element);
        }
    }
}
