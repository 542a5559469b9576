using XmppChatClient.Xml;

namespace XmppChatClient.Testing.StreamManagement;

/// <summary>A stanza that the client has not acknowledged.</summary>
/// <param name="At">When it was sent, or would have been with a connection.</param>
internal readonly record struct SentStanza(XmppElement Element, DateTimeOffset At);
