using System.Text;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Login;

/// <summary>What a client may log in with over a connection as it is now, in either profile of SASL. Under the gate.</summary>
internal sealed class LoginOffer(ServerEngine server, ServerConnection connection)
{
    private const string BindingNamespace = "urn:xmpp:sasl-cb:0";

    /// <summary>How often the client has failed.</summary>
    public int Failures { get; set; }

    /// <summary>The mechanisms that can be used; none as long as TLS must come first.</summary>
    public string[] Mechanisms => server.Options.RequireTls && !connection.IsEncrypted
        ? []
        : [.. server.Options.Mechanisms.Where(m => SaslMechanisms.BindsChannel(m)
            ? connection.ServerEndPoint.Length > 0 : connection.IsEncrypted || !SaslMechanisms.NeedsTls(m))];

    /// <summary>Those that are announced.</summary>
    public string[] Announced => Mechanisms is { Length: > 0 } mechanisms
        ? [.. server.Faults.Mechanisms(connection, mechanisms)] : [];

    /// <summary>Whether logins that can be bound to the channel are announced.</summary>
    public bool BindsChannel => Array.Exists(Announced, SaslMechanisms.BindsChannel);

    /// <summary>What logins can be bound to (XEP-0440); null when they cannot.</summary>
    public XmppElement? Bindings => Types.Length == 0 ? null : new XmppElement(
        new XmlName(BindingNamespace, "sasl-channel-binding"),
        new XmppElement(new XmlName(BindingNamespace, "channel-binding"), [new XmlAttribute("type", Types[0])]));

    private string[] Types => BindsChannel ? [ScramExchange.BindingType] : [];

    /// <summary>What SCRAM says of the offer (XEP-0474 v0.5.0 §6); empty for nothing.</summary>
    public string HashAttribute(ScramVariant variant)
    {
        if (!server.Options.Login.OfferHash)
        {
            return "";
        }

        // All of it is ASCII, where every ordinal order is that of octets.
        var text = string.Join('\u001e', Announced.Order(StringComparer.Ordinal));
        text += Types.Length == 0 ? "" : '\u001f' + string.Join('\u001e', Types.Order(StringComparer.Ordinal));
        return $",h={Convert.ToBase64String(variant.Hash(Encoding.UTF8.GetBytes(text)))}";
    }
}
