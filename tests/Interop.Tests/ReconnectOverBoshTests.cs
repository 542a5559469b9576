using XmppChatClient.Contracts;

namespace XmppChatClient.Interop.Tests;

public sealed class ReconnectOverBoshTests() : ReconnectTests(Network.Bosh);
