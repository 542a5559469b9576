using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace XmppChatClient.Sasl;

/// <summary>Finds the channel bindings a TLS connection can give.</summary>
public static class TlsChannelBindings
{
    /// <summary>The bindings of one connection, the one to prefer first.</summary>
    /// <param name="protocol">The version that was negotiated.</param>
    /// <param name="serverCertificate">The certificate the server presented; <see langword="null"/> if unknown.</param>
    /// <param name="finished">The bare <c>tls-unique</c> data; empty if unknown. Ignored unless the version is TLS 1.2:
    /// under 1.3 it has no defined value, and before 1.2 the connection does not deserve a binding.</param>
    public static IReadOnlyList<ChannelBinding> Find(
        SslProtocols protocol, X509Certificate2? serverCertificate, ReadOnlyMemory<byte> finished = default)
    {
        var found = new List<ChannelBinding>(2);

        // XEP-0440 v1.0.0 rule 7: tls-unique also catches a thief of the server's key, tls-server-end-point does not.
        if (protocol == SslProtocols.Tls12 && !finished.IsEmpty)
            found.Add(new ChannelBinding(ChannelBindingTypes.TlsUnique, finished));

        if (serverCertificate is not null && TlsServerEndPoint.Compute(serverCertificate) is { } hash)
            found.Add(new ChannelBinding(ChannelBindingTypes.TlsServerEndPoint, hash));

        return found;
    }
}
