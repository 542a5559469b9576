using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class StanzaOverWebSocketTests(SharedServers servers) : StanzaTests(servers, Network.WebSocket);
