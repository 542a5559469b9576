using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Sessions;

namespace XmppChatClient.Testing.Presences;

/// <summary>Whoever waits for an account to become available.</summary>
internal sealed class AvailabilityWaits : ServerModule
{
    private readonly List<(ServerAccount Account, TaskCompletionSource Came)> _waiting = [];

    /// <summary>Ends when the account has an available session; at once if it has one.</summary>
    public Task WaitAsync(ServerAccount account)
    {
        if (account.Sessions.Exists(s => s.IsAvailable))
        {
            return Task.CompletedTask;
        }

        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((account, came));
        return came.Task;
    }

    public override void PresenceChanged(ServerSession session, bool wasAvailable)
    {
        if (!session.IsAvailable)
        {
            return;
        }

        foreach (var (account, came) in _waiting)
        {
            if (account == session.Account)
            {
                came.TrySetResult();
            }
        }

        _waiting.RemoveAll(w => w.Came.Task.IsCompleted);
    }
}
