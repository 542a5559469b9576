using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.StreamManagement;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Login;

/// <summary>What a client gets together with its login: its session back (XEP-0198 §9), or a resource (Bind 2, XEP-0386 v1.0.1) with
/// what modules can switch on. Under the gate.</summary>
internal sealed class InlineFeatures(ServerEngine server, ServerConnection connection)
{
    private const string BindNamespace = "urn:xmpp:bind:0";

    public IEnumerable<XmlNode> Offer()
    {
        if (server.Options.Login.Bind2)
        {
            var features = server.Modules.BindFeatures.Select(f => XmlNode.FromElement(new XmppElement(
                new XmlName(BindNamespace, "feature"), [new XmlAttribute("var", f.Key.Namespace)])));
            yield return new XmppElement(
                new XmlName(BindNamespace, "bind"), new XmppElement(new XmlName(BindNamespace, "inline"), [.. features]));
        }

        if (server.Options.StreamManagement.Offer)
        {
            yield return StreamManagementElements.Feature;
        }
    }

    /// <summary>Does what was asked for, for a client that is logged in.</summary>
    /// <param name="client">The id that it goes by; null for none.</param>
    /// <param name="resumed">The session to go on with, once the client was told that; null when there is none.</param>
    /// <returns>What it is to be told.</returns>
    public List<XmlNode> Do(XmppElement request, string? client, out ManagedStream? resumed)
    {
        resumed = null;
        var results = new List<XmlNode>();
        if (request.Child(StreamManagementElements.Namespace, "resume") is { } resume && server.Options.StreamManagement.Offer)
        {
            var answer = server.Modules.Get<StreamManagementModule>().Resume(connection, resume, out resumed);
            if (answer is not null)
            {
                results.Add(answer);
            }

            if (resumed is not null || connection.IsClosing)
            {
                return results;
            }
        }

        if (request.Child(BindNamespace, "bind") is { } bind && server.Options.Login.Bind2)
        {
            results.Add(Bind(bind, client));
        }

        return results;
    }

    private XmppElement Bind(XmppElement bind, string? client)
    {
        if (Resource(bind, client) is not { } jid)
        {
            return new XmppElement(
                new XmlName(BindNamespace, "failed"), XmppElement.From(StanzaErrors.BadRequest));
        }

        var session = server.Sessions.Bind(connection, connection.Account!, jid);
        foreach (var module in server.Modules.All)
        {
            module.SessionBoundInline(session);
        }

        var results = new List<XmlNode>();
        foreach (var asked in bind.Elements)
        {
            if (server.Modules.BindFeatures.TryGetValue(asked.Name, out var handler) && handler(session, asked) is { } result)
            {
                results.Add(result);
            }
        }

        return new XmppElement(new XmlName(BindNamespace, "bound"), [.. results]);
    }

    // XEP-0386 §3.3: with a tag the same client gets the same resource again, and its earlier session ends.
    private Jid? Resource(XmppElement bind, string? client)
    {
        var tag = bind.Child(BindNamespace, "tag")?.Text;
        var rest = client is null || string.IsNullOrEmpty(tag)
            ? RandomNumberGenerator.GetHexString(12, lowercase: true)
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(client)))[..12];
        var bare = connection.Account!.Jid;
        return Jid.TryParse($"{bare}/{(string.IsNullOrEmpty(tag) ? rest : $"{tag}/{rest}")}", out var jid) ? jid : null;
    }
}
