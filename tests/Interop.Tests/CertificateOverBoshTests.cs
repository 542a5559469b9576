using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class CertificateOverBoshTests(SharedServers servers) : CertificateTests(servers, Network.Bosh);
