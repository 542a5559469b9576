namespace XmppChatClient.Testing;

/// <summary>A component of a test server (XEP-0114).</summary>
public sealed class TestComponent
{
    internal TestComponent(Jid domain, string secret) => (Domain, Secret) = (domain, secret);

    /// <summary>The domain that it speaks for.</summary>
    public Jid Domain { get; }

    public string Secret { get; }

    /// <summary>The domain.</summary>
    public override string ToString() => Domain.ToString();
}
