using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class CertificateOverDotNettyTests(SharedServers servers) : CertificateTests(servers, Network.DotNetty);
