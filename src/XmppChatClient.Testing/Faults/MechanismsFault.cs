namespace XmppChatClient.Testing.Faults;

/// <summary>The server offers SASL mechanisms that are not those it can do.</summary>
internal sealed class MechanismsFault(FaultHooks hooks, string[] offered) : Fault(hooks, null)
{
    public override IEnumerable<string> Mechanisms(IEnumerable<string> mechanisms) => offered;
}
