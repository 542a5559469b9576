using XmppChatClient.Contracts;

namespace XmppChatClient.Interop.Tests;

public sealed class ReconnectOverWebSocketTests() : ReconnectTests(Network.WebSocket);
