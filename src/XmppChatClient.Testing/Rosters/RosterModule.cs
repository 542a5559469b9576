using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Rosters;

/// <summary>Asking for the roster and changing it (RFC 6121 §2).</summary>
internal sealed class RosterModule : ServerModule
{
    public const string Namespace = "jabber:iq:roster";

    private static readonly XmlName Query = new(Namespace, "query");

    protected override void SetUp(ModuleSetup setup)
    {
        setup.ServerFeature(Namespace);
        setup.OnAccountIq(Query, Answer);
    }

    private void Answer(IqRequest request)
    {
        if (!request.IsFromOwner)
        {
            request.Refuse(StanzaErrors.ServiceUnavailable);
        }
        else if (request.IsSet)
        {
            Set(request, request.Account!);
        }
        else
        {
            Get(request, request.Account!);
        }
    }

    private static void Get(IqRequest request, ServerAccount account)
    {
        request.Reply(new XmppElement(
            Query, [.. account.Roster.Entries.Where(e => e.IsItem).Select(e => XmlNode.FromElement(e.ToElement()))]));
        if (request.Session is { } session)
        {
            session.WantsRoster = true;
        }
    }

    private void Set(IqRequest request, ServerAccount account)
    {
        if (request.Payload.Elements.ToArray() is not [{ Name: { Namespace: Namespace, LocalName: "item" } } item]
            || !Jid.TryParse(item.Attribute("jid"), out var jid) || !jid.IsBare)
        {
            request.Refuse(StanzaErrors.BadRequest);
        }
        else if (jid == account.Jid)
        {
            request.Refuse(new StanzaError(StanzaErrorType.Cancel, StanzaErrorCondition.NotAllowed));
        }
        else if (item.Attribute("subscription") == "remove")
        {
            Remove(request, account, jid);
        }
        else
        {
            Change(request, account, jid, item);
        }
    }

    private void Remove(IqRequest request, ServerAccount account, Jid jid)
    {
        if (account.Roster.Find(jid) is not { IsItem: true } entry)
        {
            request.Refuse(new StanzaError(StanzaErrorType.Modify, StanzaErrorCondition.ItemNotFound));
            return;
        }

        Server.Presences.Subscriptions.EndBoth(account, entry);
        account.Roster.Remove(jid);
        request.Reply();
        Server.Presences.Subscriptions.Push(account, new XmppElement(
            new XmlName(Namespace, "item"),
            [new XmlAttribute("jid", jid.ToString()), new XmlAttribute("subscription", "remove")]));
    }

    // RFC 6121 §2.1.2.2 and §2.1.2.5: of what a client sets, only the name and the groups are its to set.
    private void Change(IqRequest request, ServerAccount account, Jid jid, XmppElement item)
    {
        var groups = item.Elements.ToArray().Where(e => e.Name is { Namespace: Namespace, LocalName: "group" })
            .Select(e => e.Text).ToArray();
        if (groups.Contains(""))
        {
            request.Refuse(new StanzaError(StanzaErrorType.Modify, StanzaErrorCondition.NotAcceptable));
            return;
        }

        if (groups.Distinct(StringComparer.Ordinal).Count() != groups.Length)
        {
            request.Refuse(StanzaErrors.BadRequest);
            return;
        }

        var entry = account.Roster.FindOrAdd(jid);
        entry.IsItem = true;
        entry.Name = item.Attribute("name") is { Length: > 0 } name ? name : null;
        entry.Groups = groups;
        request.Reply();
        Server.Presences.Subscriptions.Push(account, entry.ToElement());
    }
}
