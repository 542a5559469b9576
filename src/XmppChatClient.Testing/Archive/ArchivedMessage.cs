using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Archive;

/// <summary>A message in an archive.</summary>
/// <param name="Peer">Who the archive's owner talked to: full where the message names a resource.</param>
internal sealed record ArchivedMessage(string Id, DateTimeOffset At, Jid Peer, XmppElement Element);
