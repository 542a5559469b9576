using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class CertificateOverSocketsTests(SharedServers servers) : CertificateTests(servers, Network.Sockets);
