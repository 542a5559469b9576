using System.Buffers;
using System.Text;
using System.Xml.Linq;
using XmppChatClient.Tests.Sasl;

namespace Benchmarks.Load;

/// <summary>The server's part of one stream, but for messages: what it answers to a login, and to requests after it.</summary>
/// <param name="requiresTls">Whether STARTTLS comes first; without, TLS is not offered.</param>
/// <param name="number">Which connection this is; the resource of a bot that asks for none.</param>
internal sealed class ServerDialog(bool requiresTls, int number)
{
    private const string Sasl = "urn:ietf:params:xml:ns:xmpp-sasl";

    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n/>");
    private static readonly XNamespace Bind = "urn:ietf:params:xml:ns:xmpp-bind";
    private static readonly XNamespace Errors = "urn:ietf:params:xml:ns:xmpp-stanzas";

    private readonly ScramTestServer _scram = ServerIdentity.NewScram();
    private bool _isEncrypted;
    private bool _isLoggedIn;
    private bool _isOnline;

    /// <summary>The bot's full address, once it is bound.</summary>
    public string Address { get; private set; } = "";

    private string Features => (requiresTls && !_isEncrypted, _isLoggedIn) switch
    {
        (true, _) => "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>",
        (_, false) => $"<mechanisms xmlns='{Sasl}'><mechanism>SCRAM-SHA-256</mechanism><mechanism>PLAIN</mechanism></mechanisms>",
        _ => $"<bind xmlns='{Bind}'/>",
    };

    /// <summary>The answer to a tag or stanza, empty for none, and what becomes of the stream behind it.</summary>
    public (string Answer, ServerEvent Event) Take(string stanza) => stanza[1..stanza.AsSpan().IndexOfAny(NameEnds)] switch
    {
        _ when stanza.StartsWith("<?", StringComparison.Ordinal) => ("", ServerEvent.None),
        _ when stanza.StartsWith("</", StringComparison.Ordinal) => ("</stream:stream>", ServerEvent.StreamEnds),
        "stream:stream" => ($"<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
            + $"xmlns:stream='http://etherx.jabber.org/streams' id='s{number}' from='{ServerIdentity.Domain}' version='1.0'>"
            + $"<stream:features>{Features}</stream:features>", ServerEvent.None),
        "starttls" => StartTls(),
        "auth" => (Authenticate(XElement.Parse(stanza)), ServerEvent.None),
        "response" => (LogIn(_scram.Final(Decode(XElement.Parse(stanza).Value))), ServerEvent.None),
        "iq" => (Answer(XElement.Parse(stanza)), ServerEvent.None),
        "presence" => ("", ComeOnline()),
        var name => throw new InvalidDataException($"The bot sent <{name}>, which this server does not know."),
    };

    private (string Answer, ServerEvent Event) StartTls()
    {
        _isEncrypted = true;
        return ("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", ServerEvent.TlsStarts);
    }

    private ServerEvent ComeOnline()
    {
        var isFirst = !_isOnline && Address.Length > 0;
        _isOnline |= isFirst;
        return isFirst ? ServerEvent.Online : ServerEvent.None;
    }

    private string Authenticate(XElement auth)
    {
        var said = Decode(auth.Value);
        return (string?)auth.Attribute("mechanism") != "PLAIN"
            ? $"<challenge xmlns='{Sasl}'>{Encode(_scram.First(said))}</challenge>"
            : LogIn(said.EndsWith($"\0{ServerIdentity.Password}", StringComparison.Ordinal) ? "" : "e=invalid-proof");
    }

    private string LogIn(string result)
    {
        _isLoggedIn = !result.StartsWith("e=", StringComparison.Ordinal);
        return _isLoggedIn
            ? $"<success xmlns='{Sasl}'>{Encode(result)}</success>"
            : $"<failure xmlns='{Sasl}'><not-authorized/></failure>";
    }

    private string Answer(XElement iq)
    {
        if ((string?)iq.Attribute("type") is not ("get" or "set") || iq.Elements().FirstOrDefault() is not { } request)
        {
            return "";
        }

        var answer = new XElement("iq", new XAttribute("type", "result"), iq.Attribute("id"));
        if (request.Name == Bind + "bind")
        {
            Address = $"{ServerIdentity.Account}/{(string?)request.Element(Bind + "resource") ?? $"r{number}"}";
            answer.Add(new XElement(Bind + "bind", new XElement(Bind + "jid", Address)));
            return answer.ToString(SaveOptions.DisableFormatting);
        }

        if ((string?)iq.Attribute("to") is { } to)
        {
            answer.SetAttributeValue("from", to);
        }

        switch (request.Name.NamespaceName)
        {
            case "jabber:iq:roster" or "http://jabber.org/protocol/disco#items" or "http://jabber.org/protocol/disco#info":
                answer.Add(new XElement(request.Name));
                break;
            case "urn:xmpp:ping" or "urn:ietf:params:xml:ns:xmpp-session":
                break;
            default:
                answer.SetAttributeValue("type", "error");
                answer.Add(new XElement("error", new XAttribute("type", "cancel"), new XElement(Errors + "service-unavailable")));
                break;
        }

        return answer.ToString(SaveOptions.DisableFormatting);
    }

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
