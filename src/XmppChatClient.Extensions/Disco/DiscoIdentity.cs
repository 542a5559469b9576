namespace XmppChatClient.Disco;

/// <summary>What an entity is (XEP-0030 v2.5.0 §3.1).</summary>
/// <param name="Category">Such as <c>client</c>.</param>
/// <param name="Type">Such as <c>bot</c>.</param>
/// <param name="Name">For people.</param>
/// <param name="Language">The language of the name.</param>
public sealed record DiscoIdentity(string Category, string Type, string? Name = null, string? Language = null);
