using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Registration;

/// <summary>In-band registration (XEP-0077 v2.4), when it is allowed: makes accounts, changes passwords, removes accounts.
/// </summary>
internal sealed class RegistrationModule : ServerModule
{
    private const string Namespace = "jabber:iq:register";

    private static readonly XmlName Query = new(Namespace, "query");

    public override XmppElement? FeatureBeforeLogin(ServerConnection connection) =>
        Server.Options.AllowRegistration && (connection.IsEncrypted || !Server.Options.RequireTls)
            ? new XmppElement(new XmlName("http://jabber.org/features/iq-register", "register")) : null;

    protected override void SetUp(ModuleSetup setup)
    {
        if (!Server.Options.AllowRegistration)
        {
            return;
        }

        setup.ServerFeature(Namespace);
        setup.OnIqBeforeLogin(Query, Register);
        setup.OnAccountIq(Query, Change);
        setup.OnServerIq(Query, Change);
    }

    private static XmppElement Field(string name) => new(new XmlName(Namespace, name));

    private static void Reply(ServerConnection connection, XmppElement iq, IXmlWritable? payload)
    {
        XmlAttribute[] attributes =
        [
            new(StanzaNames.Type, payload is StanzaError ? "error" : "result"), new(StanzaNames.Id, iq.Attribute("id")!),
        ];
        connection.Send(payload is null
            ? new XmppElement(StanzaNames.Iq, attributes)
            : new XmppElement(StanzaNames.Iq, attributes, XmppElement.From(payload)));
    }

    private void Register(ServerConnection connection, XmppElement iq)
    {
        if (Server.Options.RequireTls && !connection.IsEncrypted)
        {
            throw new XmppProtocolException(StreamErrorCondition.NotAuthorized, "Use STARTTLS first.");
        }

        if (iq.Attribute("type") == "get")
        {
            Reply(connection, iq, new XmppElement(
                Query, new XmppElement(new XmlName(Namespace, "instructions"), "Choose a username and password."),
                Field("username"), Field("password")));
            return;
        }

        var query = iq.FirstChild()!;
        Reply(connection, iq, Create(query.Child(Namespace, "username")?.Text, query.Child(Namespace, "password")?.Text));
    }

    private StanzaError? Create(string? name, string? password)
    {
        if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(password))
        {
            return new StanzaError(StanzaErrorType.Modify, StanzaErrorCondition.NotAcceptable);
        }

        try
        {
            return Server.Accounts.Add(name, password) is null
                ? new StanzaError(StanzaErrorType.Cancel, StanzaErrorCondition.Conflict) : null;
        }
        catch (ArgumentException)
        {
            return new StanzaError(StanzaErrorType.Modify, StanzaErrorCondition.NotAcceptable);
        }
    }

    private void Change(IqRequest request)
    {
        // Who is logged in may only change its own account, whichever way it addresses it.
        if (request.Session is not { Account.Password: not null } session
            || (request.Account is not null && request.Account != session.Account))
        {
            request.Refuse(StanzaErrors.Forbidden);
            return;
        }

        var account = session.Account;
        if (!request.IsSet)
        {
            request.Reply(new XmppElement(
                Query, Field("registered"), new XmppElement(new XmlName(Namespace, "username"), account.Jid.Local!),
                Field("password")));
        }
        else if (request.Payload.Child(Namespace, "remove") is not null)
        {
            request.Reply();
            Server.Remove(account);
            foreach (var ended in account.Sessions.ToArray())
            {
                ended.End(new StreamError(StreamErrorCondition.NotAuthorized, "Account deleted"));
            }
        }
        else if (request.Payload.Child(Namespace, "password")?.Text is { Length: > 0 } password
            && request.Payload.Child(Namespace, "username")?.Text is { Length: > 0 } name
            && Server.Accounts.Find(name) == account)
        {
            account.ChangePassword(password);
            request.Reply();
        }
        else
        {
            request.Refuse(StanzaErrors.BadRequest);
        }
    }
}
