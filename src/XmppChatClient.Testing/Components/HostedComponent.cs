using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Streams;

namespace XmppChatClient.Testing.Components;

/// <summary>A component that the server expects, connected or not. Under the gate.</summary>
internal sealed class HostedComponent(ServerEngine server, Jid domain, string secret)
{
    private TaskCompletionSource? _came;

    public Jid Domain => domain;

    public string Secret => secret;

    /// <summary>Null while it is not connected.</summary>
    public ServerConnection? Connection
    {
        get;
        set
        {
            field = value;
            if (value is not null)
            {
                _came?.TrySetResult();
                _came = null;
            }
        }
    }

    /// <summary>Ends when it is connected; at once if it is.</summary>
    public Task WaitAsync() => Connection is not null
        ? Task.CompletedTask
        : (_came ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Takes a stanza to it, whatever it is.</summary>
    public void Take(RoutedStanza stanza)
    {
        if (Connection is { } connection)
        {
            connection.Send(stanza.Element);
        }
        else
        {
            // As Prosody; ejabberd knows no such host then.
            server.Router.Refuse(stanza, new StanzaError(
                StanzaErrorType.Wait, StanzaErrorCondition.RemoteServerTimeout, "Component unavailable"));
        }
    }
}
