using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Components;

/// <summary>The stream of a component, from its opening tag to its end (XEP-0114 v1.6.1): with the conditions of both servers
/// where they agree, else with Prosody's. Under the gate.</summary>
internal sealed class ComponentNegotiation(ServerEngine server, ServerConnection connection) : IStreamDialogue
{
    private HostedComponent? _component;
    private string? _host;
    private string _id = "";
    private bool _opened;

    private bool IsConnected => _component?.Connection == connection;

    public void Open(XmppElement header)
    {
        _host = header.Attribute("to");
        if (header.Name is not { Namespace: XmppNamespaces.Streams, LocalName: "stream" })
        {
            throw new XmppProtocolException(StreamErrorCondition.InvalidNamespace, "The stream's namespace is not that of XMPP.");
        }

        if (_host is null)
        {
            throw new XmppProtocolException(
                StreamErrorCondition.ImproperAddressing, "A 'to' attribute is required on stream headers");
        }

        _component = server.Components.Find(c => c.Domain.Domain == _host) ?? throw new XmppProtocolException(
            StreamErrorCondition.HostUnknown, $"{_host} does not match any configured external components");
        _id = RandomNumberGenerator.GetHexString(16, lowercase: true);
        EnsureOpened();
    }

    public void EnsureOpened()
    {
        if (!_opened)
        {
            _opened = true;
            connection.EnqueueText(StreamText.StartComponent(_host, _id));
        }
    }

    public StreamStep Handle(XmppElement element)
    {
        if (IsConnected)
        {
            Receive(ToClient(element));
        }
        else if (element.Name is { Namespace: XmppNamespaces.Component, LocalName: "handshake" })
        {
            Authenticate(element.Text.Trim());
        }
        else
        {
            throw new XmppProtocolException(StreamErrorCondition.NotAuthorized, "Shake hands first.");
        }

        return StreamStep.Continue;
    }

    public void Ended()
    {
        if (IsConnected)
        {
            _component!.Connection = null;
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "XEP-0114 §3 has nothing else.")]
    private void Authenticate(string digest)
    {
        var expected = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(_id + _component!.Secret)));
        if (!string.Equals(digest, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new XmppProtocolException(
                StreamErrorCondition.NotAuthorized, "Given token does not match calculated token");
        }

        if (_component.Connection is not null)
        {
            throw new XmppProtocolException(StreamErrorCondition.Conflict, "Component already connected");
        }

        _component.Connection = connection;
        connection.LoggedIn();
        connection.EnqueueText("<handshake/>");
    }

    private void Receive(XmppElement element)
    {
        if (!RoutedStanza.TryKind(element.Name, out var kind))
        {
            throw StanzaIntake.NotAStanza(element);
        }

        if (!Jid.TryParse(element.Attribute("from"), out var from) || from.Domain != _component!.Domain.Domain)
        {
            throw new XmppProtocolException(
                StreamErrorCondition.InvalidFrom, $"Component tried to send from an address that is not in {_component!.Domain}");
        }

        if (!Jid.TryParse(element.Attribute("to"), out var to))
        {
            if (element.Attribute("type") is not ("error" or "result"))
            {
                connection.Send(RoutedStanza.Of(element, from, _component.Domain).Error(StanzaErrors.BadRequest with
                {
                    Text = "Components MUST specify a 'to' address on stanzas",
                }).Element);
            }

            return;
        }

        var stanza = RoutedStanza.Of(element, from, to);
        if (kind == StanzaKind.Iq && (stanza.Id is null || stanza.Type is not ("get" or "set" or "result" or "error")))
        {
            server.Router.Refuse(stanza, StanzaErrors.BadRequest);
            return;
        }

        server.Router.Route(stanza);
    }

    // In here there is one namespace for stanzas.
    private static XmppElement ToClient(XmppElement element)
    {
        if (element.Name.Namespace != XmppNamespaces.Component)
        {
            return element;
        }

        var content = element.Content.ToArray();
        return new XmppElement(
            new XmlName(XmppNamespaces.Client, element.Name.LocalName),
            element.Attributes,
            Array.ConvertAll(content, node => node.Element is { } child ? ToClient(child) : node));
    }
}
