using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class LoginOverSocketsTests(SharedServers servers) : LoginTests(servers, Network.Sockets);
