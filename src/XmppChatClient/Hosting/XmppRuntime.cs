namespace XmppChatClient.Hosting;

/// <summary>The client of the host and how its events are dispatched, made when first needed.</summary>
internal sealed record XmppRuntime(XmppClient Client, DispatchOptions Dispatch);
