using XmppChatClient.Contracts;

namespace XmppChatClient.Interop.Tests;

public sealed class ReconnectOverSocketsTests() : ReconnectTests(Network.Sockets);
