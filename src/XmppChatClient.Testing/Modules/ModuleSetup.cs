using XmppChatClient.Testing.Rooms;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Modules;

/// <summary>Where a module says what it answers, hosts and advertises.</summary>
internal sealed class ModuleSetup(ServerModules modules, Jid server)
{
    /// <summary>A feature in the server's service discovery.</summary>
    public void ServerFeature(string feature) => modules.ServerFeatures.Add(feature);

    /// <summary>A feature in every account's service discovery.</summary>
    public void AccountFeature(string feature) => modules.AccountFeatures.Add(feature);

    /// <summary>Answers requests to the server itself.</summary>
    public void OnServerIq(XmlName payload, Action<IqRequest> handler) => modules.ServerIqs.Add(payload, handler);

    /// <summary>Answers requests to an account's bare address, from its owner or from anybody else: whoever answers looks at
    /// <see cref="IqRequest.IsFromOwner"/>.</summary>
    public void OnAccountIq(XmlName payload, Action<IqRequest> handler) => modules.AccountIqs.Add(payload, handler);

    /// <summary>Answers requests to bare addresses without an account; <see cref="IqRequest.Account"/> is null.</summary>
    public void OnIqToNobody(XmlName payload, Action<IqRequest> handler) => modules.NobodyIqs.Add(payload, handler);

    /// <summary>A feature in every room's service discovery.</summary>
    public void RoomFeature(string feature) => modules.RoomFeatures.Add(feature);

    /// <summary>Answers requests to a room's own address, from an occupant or from anybody else.</summary>
    public void OnRoomIq(XmlName payload, Action<Room, IqRequest> handler) => modules.RoomIqs.Add(payload, handler);

    /// <summary>Takes requests on streams whose client is not logged in yet.</summary>
    public void OnIqBeforeLogin(XmlName payload, Action<ServerConnection, XmppElement> handler) =>
        modules.IqsBeforeLogin.Add(payload, handler);

    /// <summary>Takes an element of a stream that is no stanza, whether the client is logged in and has bound a resource or
    /// not.</summary>
    public void OnNonza(XmlName name, Action<ServerConnection, XmppElement> handler) => modules.Nonzas.Add(name, handler);

    /// <summary>Switches something on for a resource that is bound together with the login (XEP-0386): what the client asks with, whose
    /// namespace is the feature's name, and what it is answered, if anything.</summary>
    public void OnBind(XmlName request, Func<ServerSession, XmppElement, XmppElement?> handler) =>
        modules.BindFeatures.Add(request, handler);

    /// <summary>Takes every stanza to a domain of its own, such as <c>conference</c> for <c>conference.localhost</c>, its
    /// discovery included.</summary>
    /// <param name="name">The label before the server's domain.</param>
    /// <param name="description">The item's name in the server's discovery.</param>
    /// <returns>The hosted domain.</returns>
    public Jid Host(string name, string description, Action<RoutedStanza> handler)
    {
        var domain = new Jid(null, $"{name}.{server.Domain}", null);
        modules.Hosts.Add(domain.Domain, new HostedDomain(domain, description, handler));
        return domain;
    }
}
