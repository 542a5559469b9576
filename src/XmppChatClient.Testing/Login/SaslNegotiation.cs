using XmppChatClient.Streams;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Login;

/// <summary>The server's side of a login (RFC 6120 §6). Under the gate.</summary>
internal sealed class SaslNegotiation(ServerEngine server, ServerConnection connection, LoginOffer offer)
{
    public const string Namespace = "urn:ietf:params:xml:ns:xmpp-sasl";

    private ISaslExchange? _exchange;

    /// <summary>The mechanisms on offer over this connection as it is now; null as long as TLS must come first.</summary>
    public XmppElement? Feature() => offer.Announced is { Length: > 0 } mechanisms
        ? new XmppElement(
            new XmlName(Namespace, "mechanisms"),
            [.. mechanisms.Select(m => XmlNode.FromElement(new XmppElement(new XmlName(Namespace, "mechanism"), m)))])
        : null;

    public StreamStep Handle(XmppElement element)
    {
        switch (element.Name.LocalName)
        {
            case "auth" when _exchange is null:
                return Begin(element);
            case "response" when _exchange is { } exchange:
                return Text(element) is { } response ? Answer(exchange.Next(response)) : Refuse("incorrect-encoding");
            case "abort":
                return Refuse("aborted");
            default:
                return Refuse("not-authorized", "Out of order SASL element");
        }
    }

    // RFC 6120 §6.4.2: an equals sign is data of no length.
    private static byte[]? Text(XmppElement element) => element.Text is "" or "=" ? []
        : SaslText.TryDecode(element.Text, out var data) ? data : null;

    private static string Base64(byte[] data) => data.Length == 0 ? "=" : Convert.ToBase64String(data);

    private StreamStep Begin(XmppElement auth)
    {
        var mechanism = auth.Attribute("mechanism") ?? "";
        if (!offer.Mechanisms.Contains(mechanism))
        {
            return server.Options.Mechanisms.Contains(mechanism)
                ? Refuse("encryption-required", "Use STARTTLS first.") : Refuse("invalid-mechanism");
        }

        if (Text(auth) is not { } initial)
        {
            return Refuse("incorrect-encoding");
        }

        _exchange = SaslMechanisms.Create(mechanism, server, connection, offer);

        // Without an initial response the client wants to be asked for it.
        return Answer(auth.Text.Length == 0 && _exchange.ClientBegins ? new SaslChallenge([]) : _exchange.Next(initial));
    }

    private StreamStep Answer(SaslStep step)
    {
        switch (step)
        {
            case SaslChallenge challenge:
                // An empty challenge has no content: RFC 6120 §6.4.3 leaves the equals sign to answers.
                connection.Send(challenge.Data.Length == 0
                    ? new XmppElement(new XmlName(Namespace, "challenge"))
                    : new XmppElement(new XmlName(Namespace, "challenge"), Base64(challenge.Data)));
                return StreamStep.Continue;
            case SaslSuccess success:
                _exchange = null;
                connection.Account = success.Account;
                connection.Send(success.Data is null
                    ? new XmppElement(new XmlName(Namespace, "success"))
                    : new XmppElement(new XmlName(Namespace, "success"), Base64(success.Data)));
                return StreamStep.Restart;
            case SaslRefusal refusal:
                return Refuse(refusal.Condition, refusal.Text);
            default:
                throw new InvalidOperationException($"{step} is no step of a login.");
        }
    }

    private StreamStep Refuse(string condition, string? text = null)
    {
        _exchange = null;
        var content = new List<XmlNode> { new XmppElement(new XmlName(Namespace, condition)) };
        if (text is not null)
        {
            content.Add(new XmppElement(new XmlName(Namespace, "text"), [new XmlAttribute(XmlName.Lang, "en")], text));
        }

        connection.Send(new XmppElement(new XmlName(Namespace, "failure"), [.. content]));
        if (++offer.Failures >= server.Options.Limits.LoginAttempts)
        {
            // RFC 6120 §6.4.5
            connection.Close(new StreamError(StreamErrorCondition.PolicyViolation, "Too many failed logins."));
        }

        return StreamStep.Continue;
    }
}
