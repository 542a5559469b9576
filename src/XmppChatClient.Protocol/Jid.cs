namespace XmppChatClient;

// Stands in until the address itself arrives.
public sealed class Jid
{
    public string? Local { get; }
    public string Domain { get; } = "";
    public string? Resource { get; }
    public bool IsBare { get; }
    public Jid Bare => this;
    public static Jid Parse(string s) => throw new NotImplementedException();
    public static bool TryParse(string? s, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Jid? jid) => throw new NotImplementedException();
    public Jid WithResource(string r) => throw new NotImplementedException();
}
