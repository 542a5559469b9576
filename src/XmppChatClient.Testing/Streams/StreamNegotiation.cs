using System.Security.Cryptography;
using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Login;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Streams;

/// <summary>From the opening tag to the bound resource (RFC 6120 §4 to §7). Under the gate.</summary>
internal sealed class StreamNegotiation(ServerEngine server, ServerConnection connection)
{
    private const string TlsNamespace = "urn:ietf:params:xml:ns:xmpp-tls";
    private const string BindNamespace = "urn:ietf:params:xml:ns:xmpp-bind";
    private const string SessionNamespace = "urn:ietf:params:xml:ns:xmpp-session";

    private readonly SaslNegotiation _sasl = new(server, connection);
    private string? _host = server.Domain.Domain;
    private string? _receiver;
    private bool _opened;

    /// <summary>The client opened a stream, its first or another one.</summary>
    /// <exception cref="XmppProtocolException">Not one for us.</exception>
    public void Open(XmppElement header)
    {
        _opened = false;

        // As both servers, which answer as the host that was asked for, whether that is theirs or not.
        _host = header.Attribute("to");
        _receiver = Jid.TryParse(header.Attribute("from"), out var from) ? from.Bare.ToString() : null;
        Check(header);
        EnsureOpened();
        connection.EnqueueText(StreamText.Of(server.Faults.Features(connection, Features())));
    }

    /// <summary>Sends our opening tag if that is still to be done.</summary>
    public void EnsureOpened()
    {
        if (!_opened)
        {
            _opened = true;
            var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
            connection.EnqueueText(StreamText.Start(_host, id, _receiver));
        }
    }

    public StreamStep Handle(XmppElement element)
    {
        if (element.Name is { Namespace: TlsNamespace, LocalName: "starttls" })
        {
            return StartTls();
        }

        if (element.Name.Namespace == SaslNegotiation.Namespace)
        {
            return connection.Account is null
                ? _sasl.Handle(element)
                : throw Violation(StreamErrorCondition.NotAuthorized, "You are logged in already.");
        }

        if (server.Modules.Nonzas.TryGetValue(element.Name, out var handler))
        {
            handler(connection, element);
            return StreamStep.Continue;
        }

        if (!RoutedStanza.TryKind(element.Name, out var kind))
        {
            throw StanzaIntake.NotAStanza(element);
        }

        if (kind == StanzaKind.Iq && element.FirstChild() is { } payload && element.Attribute("id") is not null)
        {
            Answer(element, payload);
        }
        else
        {
            Refuse(element);
        }

        return StreamStep.Continue;
    }

    private static XmppProtocolException Violation(StreamErrorCondition condition, string message) => new(condition, message);

    private void Check(XmppElement header)
    {
        if (header.Name.Namespace != XmppNamespaces.Streams)
        {
            throw Violation(StreamErrorCondition.InvalidNamespace, "The stream's namespace is not that of XMPP.");
        }

        if (header.Name.LocalName != "stream")
        {
            throw Violation(StreamErrorCondition.BadFormat, "A stream begins with <stream:stream>.");
        }

        if (header.Attribute("to") is not { } to)
        {
            throw Violation(StreamErrorCondition.ImproperAddressing, "A 'to' attribute is required on stream headers.");
        }

        if (!Jid.TryParse(to, out var domain) || domain != server.Domain)
        {
            throw Violation(StreamErrorCondition.HostUnknown, $"This server does not serve {to}.");
        }

        if (!Version.TryParse(header.Attribute("version"), out var version) || version.Major < 1)
        {
            throw Violation(StreamErrorCondition.UnsupportedVersion, "Only XMPP 1.0 is spoken here.");
        }
    }

    private XmppElement Features()
    {
        var features = new List<XmlNode>();
        if (connection.Account is not null)
        {
            features.Add(new XmppElement(new XmlName(BindNamespace, "bind")));
            features.Add(new XmppElement(
                new XmlName(SessionNamespace, "session"), new XmppElement(new XmlName(SessionNamespace, "optional"))));
        }
        else
        {
            if (connection.CanStartTls)
            {
                features.Add(new XmppElement(new XmlName(TlsNamespace, "starttls"), server.Options.RequireTls
                    ? [new XmppElement(new XmlName(TlsNamespace, "required"))] : []));
            }

            features.AddRange(_sasl.Features().Select(XmlNode.FromElement));
        }

        foreach (var module in server.Modules.All)
        {
            var feature = connection.Account is null
                ? module.FeatureBeforeLogin(connection) : module.FeatureAfterLogin(connection);
            if (feature is not null)
            {
                features.Add(feature);
            }
        }

        return new XmppElement(new XmlName(XmppNamespaces.Streams, "features"), [.. features]);
    }

    private StreamStep StartTls()
    {
        if (!connection.CanStartTls || connection.Account is not null)
        {
            connection.Send(new XmppElement(new XmlName(TlsNamespace, "failure")));
            connection.Close();
            return StreamStep.Continue;
        }

        connection.Send(new XmppElement(new XmlName(TlsNamespace, "proceed")));
        return StreamStep.StartTls;
    }

    private void Answer(XmppElement iq, XmppElement payload)
    {
        if (connection.Account is null)
        {
            if (!server.Modules.IqsBeforeLogin.TryGetValue(payload.Name, out var handler))
            {
                throw Violation(StreamErrorCondition.NotAuthorized, "Log in first.");
            }

            handler(connection, iq);
        }
        else if (payload.Name is { Namespace: BindNamespace, LocalName: "bind" } && iq.Attribute("type") == "set")
        {
            Bind(iq, payload);
        }
        else
        {
            Refuse(iq);
        }
    }

    private void Bind(XmppElement iq, XmppElement payload)
    {
        var account = connection.Account!;
        var asked = payload.Child(BindNamespace, "resource")?.Text;
        Jid jid;
        try
        {
            jid = account.Jid.WithResource(
                string.IsNullOrEmpty(asked) ? RandomNumberGenerator.GetHexString(12, lowercase: true) : asked);
        }
        catch (ArgumentException)
        {
            Reply(iq, "error", XmppElement.From(StanzaErrors.BadRequest));
            return;
        }

        var session = server.Sessions.Bind(connection, account, jid);
        Reply(iq, "result", new XmppElement(
            new XmlName(BindNamespace, "bind"),
            new XmppElement(new XmlName(BindNamespace, "jid"), session.Jid.ToString())));
    }

    // RFC 6120 §7.1 wants the stream ended; Prosody answers, and so a client learns what it did wrong.
    private void Refuse(XmppElement stanza)
    {
        if (connection.Account is null)
        {
            throw Violation(StreamErrorCondition.NotAuthorized, "Log in first.");
        }

        if (stanza.Attribute("type") is not ("error" or "result"))
        {
            Reply(stanza, "error", XmppElement.From(new StanzaError(StanzaErrorType.Auth, StanzaErrorCondition.NotAuthorized)));
        }
    }

    private void Reply(XmppElement stanza, string type, XmppElement payload)
    {
        var attributes = new List<XmlAttribute> { new(StanzaNames.Type, type) };
        if (stanza.Attribute("id") is { } id)
        {
            attributes.Add(new XmlAttribute(StanzaNames.Id, id));
        }

        connection.Send(new XmppElement(stanza.Name, [.. attributes], payload));
    }
}
