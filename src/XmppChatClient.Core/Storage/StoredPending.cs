using XmppChatClient.StreamManagement;

namespace XmppChatClient.Storage;

/// <summary>A message that stays in the store until its handlers are done, and goes to none of them before it is there.</summary>
internal sealed class StoredPending(Journal journal, long number, bool isKept) : PendingStanza
{
    private readonly Lock _gate = new();
    private volatile bool _isKept = isKept;
    private Task? _handling;

    public override bool IsReady => _isKept;

    public override bool IsStored => true;

    public void Kept() => _isKept = true;

    public override Task HandleAsync()
    {
        lock (_gate)
        {
            return _handling ??= journal.KeepAsync(new MessageHandled(number));
        }
    }
}
