namespace XmppChatClient.Session;

/// <summary>A message that a lost session left.</summary>
/// <param name="MayHaveArrived">Whether it was written at all.</param>
internal readonly record struct UnsettledMessage(SendReceipt Receipt, bool MayHaveArrived);
