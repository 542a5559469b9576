namespace XmppChatClient.Disco;

/// <summary>Something that belongs to an entity (XEP-0030 v2.5.0 §4.1).</summary>
/// <param name="Jid">Its address.</param>
/// <param name="Node">The part of that address it is, if it is one.</param>
/// <param name="Name">For people.</param>
public sealed record DiscoItem(Jid Jid, string? Node = null, string? Name = null);
