using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Discovery;

/// <summary>What the server and its accounts can do (XEP-0030 v2.5).</summary>
internal sealed class DiscoveryModule : ServerModule
{
    private static readonly XmlName InfoQuery = new(DiscoveryInfo.InfoNamespace, "query");
    private static readonly XmlName ItemsQuery = new(DiscoveryInfo.ItemsNamespace, "query");

    protected override void SetUp(ModuleSetup setup)
    {
        foreach (var feature in new[] { DiscoveryInfo.InfoNamespace, DiscoveryInfo.ItemsNamespace })
        {
            setup.ServerFeature(feature);
            setup.AccountFeature(feature);
        }

        setup.OnServerIq(InfoQuery, ServerInfo);
        setup.OnServerIq(ItemsQuery, ServerItems);
        setup.OnAccountIq(InfoQuery, AccountInfo);
        setup.OnAccountIq(ItemsQuery, AccountItems);
    }

    private static bool IsPlainGet(IqRequest request)
    {
        if (request.IsSet)
        {
            request.Refuse(StanzaErrors.BadRequest);
            return false;
        }

        if (request.Payload.Attribute("node") is { Length: > 0 })
        {
            request.Refuse(StanzaErrors.ItemNotFound);
            return false;
        }

        return true;
    }

    private void ServerInfo(IqRequest request)
    {
        if (IsPlainGet(request))
        {
            request.Reply(DiscoveryInfo.Info(
                DiscoveryInfo.Identity("server", "im", "XmppTestServer"), Server.Modules.ServerFeatures));
        }
    }

    private void ServerItems(IqRequest request)
    {
        if (IsPlainGet(request))
        {
            request.Reply(DiscoveryInfo.Items(Server.Modules.Hosts.Values.Select(h => (h.Address, (string?)h.Description))));
        }
    }

    // RFC 6121 §8.5.1: whether an account exists is nobody's business but its contacts'.
    private void AccountInfo(IqRequest request)
    {
        if (!MayAsk(request))
        {
            request.Refuse(StanzaErrors.ServiceUnavailable);
        }
        else if (IsPlainGet(request))
        {
            request.Reply(DiscoveryInfo.Info(
                DiscoveryInfo.Identity("account", request.Account!.Password is null ? "anonymous" : "registered", null),
                Server.Modules.AccountFeatures));
        }
    }

    private void AccountItems(IqRequest request)
    {
        if (!MayAsk(request))
        {
            request.Refuse(StanzaErrors.ServiceUnavailable);
        }
        else if (IsPlainGet(request))
        {
            request.Reply(DiscoveryInfo.Items(
                request.Account!.Sessions.Where(s => s.IsAvailable).Select(s => (s.Jid, (string?)null))));
        }
    }

    private static bool MayAsk(IqRequest request) =>
        request.IsFromOwner || request.Account!.Roster.Find(request.From.Bare) is { From: true };
}
