using System.Security.Cryptography.X509Certificates;

namespace XmppChatClient.Testing.Faults;

/// <summary>The server shows another certificate than its own.</summary>
internal sealed class CertificateFault(FaultHooks hooks, X509Certificate2 shown) : Fault(hooks, null)
{
    public override X509Certificate2 Certificate(X509Certificate2 certificate) => shown;
}
