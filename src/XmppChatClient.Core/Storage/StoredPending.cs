using XmppChatClient.StreamManagement;

namespace XmppChatClient.Storage;

/// <summary>A message that stays in the store until its handlers are done, and goes to none of them before it is there.</summary>
internal sealed class StoredPending(Journal journal, long number, bool isKept) : PendingStanza
{
    private volatile bool _isKept = isKept;
    private int _isHandled;

    public override bool IsReady => _isKept;

    public void Kept() => _isKept = true;

    public override void Handle()
    {
        if (Interlocked.Exchange(ref _isHandled, 1) == 0)
        {
            journal.Add(new MessageHandled(number));
        }
    }
}
