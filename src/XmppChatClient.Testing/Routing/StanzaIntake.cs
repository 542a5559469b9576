using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Routing;

/// <summary>What bound sessions send: checked, stamped with its sender, and handed on (RFC 6120 §8.1). Under the gate.</summary>
internal sealed class StanzaIntake(ServerEngine server)
{
    /// <summary>What to throw at an element that nobody here knows.</summary>
    public static XmppProtocolException NotAStanza(XmppElement element) =>
        element.Name.Namespace != XmppNamespaces.Client && element.Name.LocalName is "message" or "presence" or "iq"
            ? new XmppProtocolException(
                StreamErrorCondition.InvalidNamespace, $"Stanzas are in the namespace {XmppNamespaces.Client}.")
            : new XmppProtocolException(
                StreamErrorCondition.UnsupportedStanzaType, $"{element.Name} is no stanza.");

    /// <exception cref="XmppProtocolException">It ends the stream.</exception>
    public void Receive(ServerSession session, XmppElement element)
    {
        if (!RoutedStanza.TryKind(element.Name, out var kind))
        {
            if (!server.Modules.Nonzas.TryGetValue(element.Name, out var nonza))
            {
                throw NotAStanza(element);
            }

            nonza(session.Connection!, element);
            return;
        }

        foreach (var module in server.Modules.All)
        {
            module.StanzaReceived(session, element);
        }

        CheckSender(session, element);
        if (Problem(session, element, kind, out var to) is { } problem)
        {
            Refuse(session, element, kind, to, problem);
            return;
        }

        switch (kind)
        {
            case StanzaKind.Presence:
                server.Presences.Sent(session, element, to);
                break;
            case StanzaKind.Message:
                SendMessage(session, RoutedStanza.Of(element, session.Jid, to ?? session.Account.Jid));
                break;
            default:
                // RFC 6120 §10.3.3: without an address it is for the sender's own account.
                server.Router.Route(RoutedStanza.Of(element, session.Jid, to ?? session.Account.Jid));
                break;
        }
    }

    // RFC 6120 §8.1.2.1: no other sender than the session or its account.
    private static void CheckSender(ServerSession session, XmppElement element)
    {
        if (element.Attribute("from") is { } text
            && (!Jid.TryParse(text, out var from) || (from != session.Jid && from != session.Account.Jid)))
        {
            throw new XmppProtocolException(StreamErrorCondition.InvalidFrom, "A stanza's sender is not this session.");
        }
    }

    private static StanzaError? Problem(ServerSession session, XmppElement element, StanzaKind kind, out Jid? to)
    {
        to = null;
        if (element.Attribute("to") is { } text && !Jid.TryParse(text, out to))
        {
            return new StanzaError(
                StanzaErrorType.Modify, StanzaErrorCondition.JidMalformed, "The destination address is invalid");
        }

        if (kind != StanzaKind.Iq)
        {
            return null;
        }

        return (element.Attribute("type"), element.Attribute("id"), element.Elements.ToArray().Length) switch
        {
            (not ("get" or "set" or "result" or "error"), _, _) => StanzaErrors.BadRequest with { Text = "Invalid IQ type" },
            (_, null, _) => StanzaErrors.BadRequest with { Text = "Missing required 'id' attribute" },
            ("get" or "set", _, not 1) => StanzaErrors.BadRequest with { Text = "Incorrect number of children for IQ stanza" },
            _ => null,
        };
    }

    private static void Refuse(ServerSession session, XmppElement element, StanzaKind kind, Jid? to, StanzaError error)
    {
        if (element.Attribute("type") is "error" || (kind == StanzaKind.Iq && element.Attribute("type") is "result"))
        {
            return;
        }

        var attributes = new List<XmlAttribute> { new(StanzaNames.To, session.Jid.ToString()), new(StanzaNames.Type, "error") };
        // Both servers answer as whatever was asked, even where that is no address.
        if ((to?.ToString() ?? element.Attribute("to")) is { } from)
        {
            attributes.Add(new XmlAttribute(StanzaNames.From, from));
        }

        if (element.Attribute("id") is { } id)
        {
            attributes.Add(new XmlAttribute(StanzaNames.Id, id));
        }

        session.Send(new XmppElement(element.Name, [.. attributes], XmppElement.From(error)));
    }

    private void SendMessage(ServerSession session, RoutedStanza message)
    {
        foreach (var module in server.Modules.All)
        {
            if (module.MessageSent(session, message) is not { } next)
            {
                return;
            }

            message = next;
        }

        server.Router.Route(message);
    }
}
