namespace XmppChatClient.Sasl;

/// <summary>What ties an authentication to the TLS connection under it (RFC 5056).</summary>
/// <param name="Type">The registered prefix, one of <see cref="ChannelBindingTypes"/>.</param>
/// <param name="Data">The bare binding data, without the prefix.</param>
public sealed record ChannelBinding(string Type, ReadOnlyMemory<byte> Data);
