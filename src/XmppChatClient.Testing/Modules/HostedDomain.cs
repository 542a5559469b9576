using XmppChatClient.Testing.Routing;

namespace XmppChatClient.Testing.Modules;

/// <summary>A domain beside the server's own, and who takes what is sent to it.</summary>
internal sealed record HostedDomain(Jid Address, string Description, Action<RoutedStanza> Handler);
