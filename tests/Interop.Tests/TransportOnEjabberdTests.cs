using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class TransportOnEjabberdTests(SharedServers servers) : TransportTests(servers, ServerKind.Ejabberd);
