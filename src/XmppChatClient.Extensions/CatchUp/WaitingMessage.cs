namespace XmppChatClient.CatchUp;

/// <summary>What came live while something older was missing.</summary>
/// <param name="Id">Its id in the archive.</param>
/// <param name="IsHistory">Whether a room sent it as what was said before we came.</param>
internal readonly record struct WaitingMessage(string Id, Message Message, bool IsHistory);
