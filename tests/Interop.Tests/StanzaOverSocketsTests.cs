using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class StanzaOverSocketsTests(SharedServers servers) : StanzaTests(servers, Network.Sockets);
