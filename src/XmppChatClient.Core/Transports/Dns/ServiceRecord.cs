namespace XmppChatClient.Transports.Dns;

/// <summary>One SRV record (RFC 2782).</summary>
internal sealed record ServiceRecord(ServiceTarget Target, ushort Priority, ushort Weight);
