namespace XmppChatClient.Storage;

/// <summary>A message that came.</summary>
/// <param name="Number">Its name in the store; messages are handled in the order of their numbers.</param>
/// <param name="Xml">The stanza; <see langword="null"/> once it is handled.</param>
/// <param name="Key">What to know it by when it comes once more; <see langword="null"/> for nothing.</param>
public sealed record StoredArrival(long Number, string? Xml, string? Key);
