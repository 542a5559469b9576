using XmppChatClient.Interop.Tests.Servers;

namespace XmppChatClient.Interop.Tests;

public sealed class TransportOnProsodyTests(SharedServers servers) : TransportTests(servers, ServerKind.Prosody);
