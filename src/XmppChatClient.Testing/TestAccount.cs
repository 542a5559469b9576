namespace XmppChatClient.Testing;

/// <summary>An account of a test server.</summary>
public sealed class TestAccount
{
    internal TestAccount(Jid jid, string password) => (Jid, Password) = (jid, password);

    /// <summary>The bare address.</summary>
    public Jid Jid { get; }

    public string Password { get; }

    /// <summary>The address.</summary>
    public override string ToString() => Jid.ToString();
}
