using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class StanzaOverDotNettyTests(SharedServers servers) : StanzaTests(servers, Network.DotNetty);
