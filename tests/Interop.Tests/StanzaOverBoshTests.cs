using XmppChatClient.Contracts;
using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class StanzaOverBoshTests(SharedServers servers) : StanzaTests(servers, Network.Bosh);
