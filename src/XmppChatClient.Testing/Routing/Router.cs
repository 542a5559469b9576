using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Server;

namespace XmppChatClient.Testing.Routing;

/// <summary>Takes a stanza to where it is addressed (RFC 6120 §10, RFC 6121 §8). Under the gate.</summary>
internal sealed class Router(ServerEngine server)
{
    private readonly IqRouting _requests = new(server);

    /// <summary>Where messages to accounts go, with no more said about them.</summary>
    public MessageRouting Messages { get; } = new(server);

    /// <summary>Takes a stanza from anybody, a session or a module, to a session, an account, the server or a hosted domain;
    /// or tells its sender why not.</summary>
    public void Route(RoutedStanza stanza)
    {
        var domain = stanza.To.Domain;
        if (domain != server.Domain.Domain)
        {
            if (server.Modules.Hosts.TryGetValue(domain, out var host))
            {
                host.Handler(stanza);
            }
            else
            {
                Refuse(stanza, new StanzaError(StanzaErrorType.Cancel, StanzaErrorCondition.RemoteServerNotFound));
            }

            return;
        }

        if (stanza.To.Local is null)
        {
            ToServer(stanza);
            return;
        }

        switch (stanza.Kind)
        {
            case StanzaKind.Message:
                Messages.Arrived(stanza);
                break;
            case StanzaKind.Presence:
                server.Presences.Arrived(stanza);
                break;
            default:
                _requests.ToAccount(stanza);
                break;
        }
    }

    /// <summary>Tells a stanza's sender why it failed; nobody when it is an error or an answer itself, or presence that only
    /// tells of something.</summary>
    public void Refuse(RoutedStanza stanza, StanzaError error)
    {
        var answered = stanza.Kind switch
        {
            StanzaKind.Iq => stanza.IsRequest,
            StanzaKind.Message => !stanza.IsError,
            _ => stanza.Type is null or "subscribe",
        };
        if (answered)
        {
            Route(stanza.Error(error));
        }
    }

    private void ToServer(RoutedStanza stanza)
    {
        switch (stanza.Kind)
        {
            case StanzaKind.Iq:
                _requests.ToServer(stanza);
                break;
            case StanzaKind.Message:
                Refuse(stanza, StanzaErrors.ServiceUnavailable);
                break;
            default:
                // Presence tells the server nothing.
                break;
        }
    }
}
