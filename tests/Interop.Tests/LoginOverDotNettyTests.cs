using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class LoginOverDotNettyTests(SharedServers servers) : LoginTests(servers, Network.DotNetty);
