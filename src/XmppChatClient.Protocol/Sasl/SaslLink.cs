namespace XmppChatClient.Sasl;

/// <summary>What is known about the connection under the exchange.</summary>
public sealed class SaslLink
{
    /// <summary>Whether TLS protects it and the server's certificate was verified. Default
    /// <see langword="false"/>.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>The channel bindings it can give, the preferred one first (<see cref="TlsChannelBindings.Find"/>).
    /// Empty means that we do not support channel binding here, and says so to the server.</summary>
    public IReadOnlyList<ChannelBinding> ChannelBindings { get; init; } = [];
}
