using System.Globalization;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.StreamManagement;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Login;

/// <summary>The server's side of SASL2 (XEP-0388 v1.0.4), with tokens (XEP-0484) and what is asked for inline. Under the gate.
/// </summary>
/// <param name="ready">Called when a client is logged in whose session does not go on: sends the stream's features.</param>
internal sealed class Sasl2Negotiation(ServerEngine server, ServerConnection connection, LoginOffer offer, Action ready)
{
    public const string Namespace = "urn:xmpp:sasl:2";
    private const string FastNamespace = "urn:xmpp:fast:0";

    private readonly InlineFeatures _inline = new(server, connection);
    private ISaslExchange? _exchange;
    private XmppElement? _request;
    private string? _client;

    /// <summary>What is offered; null for nothing.</summary>
    public XmppElement? Feature()
    {
        if (!server.Options.Login.Sasl2 || !connection.IsEncrypted || offer.Announced is not { Length: > 0 } mechanisms)
        {
            return null;
        }

        var inline = _inline.Offer().ToList();
        if (server.Options.Login.Fast)
        {
            inline.Add(new XmppElement(
                new XmlName(FastNamespace, "fast"),
                [.. TokenMechanisms().Select(m => XmlNode.FromElement(new XmppElement(new XmlName(FastNamespace, "mechanism"), m)))]));
        }

        return new XmppElement(
            Named("authentication"),
            [
                .. mechanisms.Select(m => XmlNode.FromElement(new XmppElement(Named("mechanism"), m))),
                new XmppElement(Named("inline"), [.. inline]),
            ]);
    }

    public StreamStep Handle(XmppElement element)
    {
        switch (element.Name.LocalName)
        {
            case "authenticate" when _exchange is null && server.Options.Login.Sasl2:
                Begin(element);
                break;
            case "response" when _exchange is { } exchange:
                Answer(SaslText.TryDecode(element.Text, out var response) ? exchange.Next(response) : new SaslRefusal("incorrect-encoding"));
                break;
            case "abort":
                Refuse(new SaslRefusal("aborted"));
                break;
            default:
                Refuse(new SaslRefusal("malformed-request", "Out of order SASL element"));
                break;
        }

        return StreamStep.Continue;
    }

    private static XmlName Named(string name) => new(Namespace, name);

    private string[] TokenMechanisms() => server.Options.Login.BoundTokens && connection.ServerEndPoint.Length > 0
        ? [HashedTokenExchange.Bound, HashedTokenExchange.Unbound] : [HashedTokenExchange.Unbound];

    private void Begin(XmppElement request)
    {
        if (!connection.IsEncrypted)
        {
            Refuse(new SaslRefusal("encryption-required", "Use STARTTLS first."));
            return;
        }

        _request = request;
        _client = request.Child(Namespace, "user-agent")?.Attribute("id");
        var mechanism = request.Attribute("mechanism") ?? "";
        if (Exchange(mechanism) is not { } exchange)
        {
            Refuse(new SaslRefusal("invalid-mechanism"));
            return;
        }

        _exchange = exchange;
        if (request.Child(Namespace, "initial-response") is not { } initial)
        {
            Answer(exchange.ClientBegins ? new SaslChallenge([]) : exchange.Next([]));
            return;
        }

        Answer(SaslText.TryDecode(initial.Text, out var said) ? exchange.Next(said) : new SaslRefusal("incorrect-encoding"));
    }

    private ISaslExchange? Exchange(string mechanism)
    {
        if (_request!.Child(FastNamespace, "fast") is { } fast)
        {
            return server.Options.Login.Fast && _client is { } client && TokenMechanisms().Contains(mechanism)
                ? new HashedTokenExchange(server, connection, mechanism, client, Count(fast)) : null;
        }

        return offer.Mechanisms.Contains(mechanism) ? SaslMechanisms.Create(mechanism, server, connection, offer) : null;
    }

    private static int? Count(XmppElement fast) =>
        int.TryParse(fast.Attribute("count"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private void Answer(SaslStep step)
    {
        switch (step)
        {
            case SaslChallenge challenge:
                connection.Send(new XmppElement(Named("challenge"), Convert.ToBase64String(challenge.Data)));
                break;
            case SaslSuccess success:
                Succeed(success);
                break;
            case SaslRefusal refusal:
                Refuse(refusal);
                break;
        }
    }

    private void Succeed(SaslSuccess success)
    {
        connection.Account = success.Account;
        var used = (_exchange as HashedTokenExchange)?.Token;
        _exchange = null;
        var content = new List<XmlNode>();
        if (success.Data is not null)
        {
            content.Add(new XmppElement(Named("additional-data"), Convert.ToBase64String(success.Data)));
        }

        var results = _inline.Do(_request!, _client, out var resumed);
        if (connection.IsClosing)
        {
            return;
        }

        var jid = (resumed?.Session ?? connection.Session)?.Jid ?? success.Account.Jid;
        content.Add(new XmppElement(Named("authorization-identifier"), jid.ToString()));
        content.AddRange(results);
        if (Token(success, used) is { } token)
        {
            content.Add(token);
        }

        connection.Send(new XmppElement(Named("success"), [.. content]));
        if (resumed is not null)
        {
            StreamManagementModule.Continue(connection, resumed);
        }
        else
        {
            ready();
        }
    }

    private XmppElement? Token(SaslSuccess success, FastAccess? used)
    {
        if (!server.Options.Login.Fast || _client is not { } client || success.Account.Password is null)
        {
            return null;
        }

        var asked = _request!.Child(FastNamespace, "request-token")?.Attribute("mechanism");
        if (_request!.Child(FastNamespace, "fast")?.Attribute("invalidate") is "true" or "1")
        {
            server.Tokens.Revoke(success.Account, client);
        }
        else if (used is not null && server.Clock.GetUtcNow() - used.Made >= server.Options.Login.TokenRotation)
        {
            asked ??= used.Mechanism;
        }

        if (asked is null || !TokenMechanisms().Contains(asked))
        {
            return null;
        }

        var token = server.Tokens.Make(success.Account, client, asked);
        return new XmppElement(
            new XmlName(FastNamespace, "token"),
            [
                new XmlAttribute("expiry", token.Expiry.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
                new XmlAttribute("token", token.Secret),
            ]);
    }

    private void Refuse(SaslRefusal refusal)
    {
        _exchange = null;
        var content = new List<XmlNode> { new XmppElement(new XmlName(SaslNegotiation.Namespace, refusal.Condition)) };
        if (refusal.Text is { } text)
        {
            content.Add(new XmppElement(Named("text"), text));
        }

        connection.Send(new XmppElement(Named("failure"), [.. content]));
        if (++offer.Failures >= server.Options.Limits.LoginAttempts)
        {
            connection.Close(new StreamError(StreamErrorCondition.PolicyViolation, "Too many failed logins."));
        }
    }
}
