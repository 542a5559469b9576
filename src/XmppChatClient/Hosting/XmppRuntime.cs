namespace XmppChatClient.Hosting;

/// <summary>What the host's client is made of, and how its events are dispatched, read when first needed.</summary>
/// <param name="MakeClient">Throws <see cref="ArgumentException"/> where an option is of no use.</param>
internal sealed record XmppRuntime(Func<XmppClient> MakeClient, DispatchOptions Dispatch);
