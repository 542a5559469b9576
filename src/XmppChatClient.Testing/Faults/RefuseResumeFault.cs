namespace XmppChatClient.Testing.Faults;

/// <summary>No session can be resumed.</summary>
internal sealed class RefuseResumeFault(FaultHooks hooks, Jid? account) : Fault(hooks, account)
{
    public override bool RefusesResume => true;
}
