using System.Security.Cryptography;
using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Login;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Streams;

/// <summary>From the opening tag to the bound resource (RFC 6120 §4 to §7). Under the gate.</summary>
internal sealed class StreamNegotiation : IStreamDialogue
{
    private const string TlsNamespace = "urn:ietf:params:xml:ns:xmpp-tls";
    private const string BindNamespace = "urn:ietf:params:xml:ns:xmpp-bind";
    private const string SessionNamespace = "urn:ietf:params:xml:ns:xmpp-session";

    private readonly ServerEngine _server;
    private readonly ServerConnection _connection;
    private readonly LoginOffer _offer;
    private readonly SaslNegotiation _sasl;
    private readonly Sasl2Negotiation _sasl2;
    private string? _host;
    private string? _receiver;
    private bool _opened;

    public StreamNegotiation(ServerEngine server, ServerConnection connection)
    {
        _server = server;
        _connection = connection;
        _host = server.Domain.Domain;
        _offer = new LoginOffer(server, connection);
        _sasl = new SaslNegotiation(server, connection, _offer);
        _sasl2 = new Sasl2Negotiation(server, connection, _offer, SendFeatures);
    }

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
        SendFeatures();
    }

    /// <summary>Sends our opening tag if that is still to be done.</summary>
    public void EnsureOpened()
    {
        if (!_opened)
        {
            _opened = true;
            var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
            _connection.EnqueueText(StreamText.Start(_host, id, _receiver));
        }
    }

    public void Ended()
    {
        // A session sees to its own end.
    }

    public StreamStep Handle(XmppElement element)
    {
        if (element.Name is { Namespace: TlsNamespace, LocalName: "starttls" })
        {
            return StartTls();
        }

        if (element.Name.Namespace is SaslNegotiation.Namespace or Sasl2Negotiation.Namespace)
        {
            return _connection.Account is null
                ? element.Name.Namespace == SaslNegotiation.Namespace ? _sasl.Handle(element) : _sasl2.Handle(element)
                : throw Violation(StreamErrorCondition.NotAuthorized, "You are logged in already.");
        }

        if (_server.Modules.Nonzas.TryGetValue(element.Name, out var handler))
        {
            handler(_connection, element);
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

        if (!Jid.TryParse(to, out var domain) || domain != _server.Domain)
        {
            throw Violation(StreamErrorCondition.HostUnknown, $"This server does not serve {to}.");
        }

        if (!Version.TryParse(header.Attribute("version"), out var version) || version.Major < 1)
        {
            throw Violation(StreamErrorCondition.UnsupportedVersion, "Only XMPP 1.0 is spoken here.");
        }
    }

    private void SendFeatures() =>
        _connection.EnqueueText(StreamText.Of(_server.Faults.Features(_connection, Features())));

    private XmppElement Features()
    {
        var features = new List<XmlNode>();
        if (_connection.Account is not null)
        {
            if (_connection.Session is not null)
            {
                return new XmppElement(new XmlName(XmppNamespaces.Streams, "features"), [.. ModuleFeatures()]);
            }

            features.Add(new XmppElement(new XmlName(BindNamespace, "bind")));
            features.Add(new XmppElement(
                new XmlName(SessionNamespace, "session"), new XmppElement(new XmlName(SessionNamespace, "optional"))));
        }
        else
        {
            if (_connection.CanStartTls)
            {
                features.Add(new XmppElement(new XmlName(TlsNamespace, "starttls"), _server.Options.RequireTls
                    ? [new XmppElement(new XmlName(TlsNamespace, "required"))] : []));
            }

            features.AddRange(new[] { _sasl.Feature(), _sasl2.Feature(), _offer.Bindings }.OfType<XmppElement>().Select(XmlNode.FromElement));
        }

        return new XmppElement(new XmlName(XmppNamespaces.Streams, "features"), [.. features, .. ModuleFeatures()]);
    }

    private IEnumerable<XmlNode> ModuleFeatures()
    {
        foreach (var module in _server.Modules.All.ToArray())
        {
            var feature = _connection.Account is null
                ? module.FeatureBeforeLogin(_connection) : module.FeatureAfterLogin(_connection);
            if (feature is not null)
            {
                yield return feature;
            }
        }
    }

    private StreamStep StartTls()
    {
        if (!_connection.CanStartTls || _connection.Account is not null)
        {
            _connection.Send(new XmppElement(new XmlName(TlsNamespace, "failure")));
            _connection.Close();
            return StreamStep.Continue;
        }

        _connection.Send(new XmppElement(new XmlName(TlsNamespace, "proceed")));
        return StreamStep.StartTls;
    }

    private void Answer(XmppElement iq, XmppElement payload)
    {
        if (_connection.Account is null)
        {
            if (!_server.Modules.IqsBeforeLogin.TryGetValue(payload.Name, out var handler))
            {
                throw Violation(StreamErrorCondition.NotAuthorized, "Log in first.");
            }

            handler(_connection, iq);
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
        var account = _connection.Account!;
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

        var session = _server.Sessions.Bind(_connection, account, jid);
        Reply(iq, "result", new XmppElement(
            new XmlName(BindNamespace, "bind"),
            new XmppElement(new XmlName(BindNamespace, "jid"), session.Jid.ToString())));
    }

    // RFC 6120 §7.1 wants the stream ended; Prosody answers, and so a client learns what it did wrong.
    private void Refuse(XmppElement stanza)
    {
        if (_connection.Account is null)
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

        _connection.Send(new XmppElement(stanza.Name, [.. attributes], payload));
    }
}
