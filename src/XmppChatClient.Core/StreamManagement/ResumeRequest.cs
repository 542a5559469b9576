namespace XmppChatClient.StreamManagement;

/// <summary>An attempt to go on with a session over a new stream.</summary>
/// <param name="id">The server's name for the session.</param>
/// <param name="handled">How many of its stanzas we have handled.</param>
/// <param name="jid">The full address that is bound in it.</param>
internal sealed class ResumeRequest(string id, uint handled, Jid jid)
{
    public string Id { get; } = id;

    public uint Handled { get; } = handled;

    public Jid Jid { get; } = jid;

    /// <summary>Whether the server was asked.</summary>
    public bool WasSent { get; set; }
}
