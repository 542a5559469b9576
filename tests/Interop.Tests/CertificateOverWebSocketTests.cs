using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class CertificateOverWebSocketTests(SharedServers servers) : CertificateTests(servers, Network.WebSocket);
