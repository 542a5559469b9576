namespace XmppChatClient.Transports.WebSocket;

/// <summary>What lies below a WebSocket.</summary>
/// <param name="Tls">The version of TLS, for the log; <see langword="null"/> without TLS.</param>
/// <param name="HasClientCertificate">Whether our certificate was shown to the server.</param>
internal sealed record UpgradeResult(string? Tls, bool HasClientCertificate);
