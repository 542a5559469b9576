namespace XmppChatClient.Hosting;

/// <summary>The options of the host's client and of how its events are dispatched, read when first needed.</summary>
internal sealed record XmppRuntime(XmppClientOptions Client, DispatchOptions Dispatch);
