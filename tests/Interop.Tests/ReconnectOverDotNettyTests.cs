using XmppChatClient.Contracts;

namespace XmppChatClient.Interop.Tests;

public sealed class ReconnectOverDotNettyTests() : ReconnectTests(Network.DotNetty);
