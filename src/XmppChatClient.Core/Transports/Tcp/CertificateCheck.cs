using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace XmppChatClient.Transports.Tcp;

/// <summary>Decides whether a server's certificate holds, and says in words why not.</summary>
/// <remarks>It lives as long as the connection does, so it reads the user's roots when it needs them and does not keep them.
/// </remarks>
internal sealed class CertificateCheck(string domain, XmppClientOptions options)
{
    /// <summary>What is wrong, once <see cref="Validate"/> has refused.</summary>
    public string? Problem { get; private set; }

    /// <summary>Why the user's roots could not be read, if so.</summary>
    public ArgumentException? RootsProblem { get; private set; }

    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 server || chain is null)
        {
            return Refuse("presented no certificate");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) && !ChainHolds(server, chain, out var problem))
        {
            return Refuse(problem);
        }

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? Refuse($"presented a certificate for another name ({NamesOf(server)})")
            : true;
    }

    private bool ChainHolds(X509Certificate2 server, X509Chain systemChain, out string problem)
    {
        var status = Combine(systemChain);
        if (ReadRoots() is { Count: > 0 } trustedRoots)
        {
            using var ownChain = new X509Chain();
            ownChain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            ownChain.ChainPolicy.CustomTrustStore.AddRange(trustedRoots);
            ownChain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            ownChain.ChainPolicy.DisableCertificateDownloads = true;
            ownChain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
            foreach (var element in systemChain.ChainElements)
            {
                ownChain.ChainPolicy.ExtraStore.Add(element.Certificate);
            }

            foreach (var extra in systemChain.ChainPolicy.ExtraStore)
            {
                ownChain.ChainPolicy.ExtraStore.Add(extra);
            }

            var holds = ownChain.Build(server);
            foreach (var root in trustedRoots)
            {
                root.Dispose();
            }

            if (holds)
            {
                problem = "";
                return true;
            }

            // Expiry and the like come out of both chains; that the system does not know the root only out of one.
            status = Combine(ownChain);
        }

        problem = status switch
        {
            _ when status.HasFlag(X509ChainStatusFlags.NotTimeValid) =>
                $"presented a certificate that is valid only from {server.NotBefore:u} to {server.NotAfter:u}",
            _ when status.HasFlag(X509ChainStatusFlags.Revoked) => "presented a certificate that was revoked",
            _ when (status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 =>
                $"presented a certificate that nobody trusted here has signed (issuer: {server.Issuer}); "
                + "if it is right, name its root in TrustedRoots",
            _ => $"presented a certificate that does not hold ({status})",
        };
        return false;
    }

    private X509Certificate2Collection? ReadRoots()
    {
        try
        {
            return options.LoadTrustedRoots();
        }
        catch (ArgumentException e)
        {
            RootsProblem = e;
            return null;
        }
    }

    private bool Refuse(string problem)
    {
        Problem = $"The server of {domain} {problem}; the connection is refused.";
        return false;
    }

    private static X509ChainStatusFlags Combine(X509Chain chain) =>
        chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, s) => flags | s.Status);

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames());
        return string.Join(", ", names) is { Length: > 0 } dnsNames ? dnsNames : certificate.Subject;
    }
}
