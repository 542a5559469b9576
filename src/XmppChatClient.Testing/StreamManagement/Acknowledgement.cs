namespace XmppChatClient.Testing.StreamManagement;

/// <summary>What a client's count of handled stanzas means.</summary>
internal enum Acknowledgement
{
    Taken,

    /// <summary>It claims more stanzas than were sent.</summary>
    TooHigh,

    /// <summary>It takes back what it has acknowledged.</summary>
    TooLow,
}
