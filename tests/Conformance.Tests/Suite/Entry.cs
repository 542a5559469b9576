using System.Xml.Linq;

namespace XmppChatClient.Conformance.Tests;

/// <summary>One thing that a peer sent (as text, as the scenario wrote it) or received (an element, or words about the stream's end).</summary>
internal sealed record Entry(Peer Peer, bool IsSent, string? Text, XElement? Element);
