namespace XmppChatClient.Transports.Dns;

/// <summary>What DNS said of one name.</summary>
/// <param name="Records">Empty when there are none. A single target of <c>.</c> means that the service is not offered.</param>
/// <param name="TimeToLive">How long that holds.</param>
internal sealed record ServiceAnswer(IReadOnlyList<ServiceRecord> Records, TimeSpan TimeToLive);
