namespace XmppChatClient.Testing.Faults;

/// <summary>The server does not prove that it knows the token.</summary>
internal sealed class HashedTokenFault(FaultHooks hooks, FastLie lie) : Fault(hooks, null)
{
    public override byte[]? HashedTokenFinal(byte[]? proof) =>
        lie == FastLie.NoProof || proof is null ? null : new byte[proof.Length];
}
