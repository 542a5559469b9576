using System.Security.Cryptography;

namespace XmppChatClient.Sasl;

/// <summary>What SCRAM accepts from a server and what it may remember.</summary>
public sealed class ScramOptions
{
    /// <summary>The fewest iterations to accept. Default 4,096, the least RFC 7677 §4 advises. Fewer make a stolen proof
    /// cheap to guess against.</summary>
    public int MinimumIterations { get; init; } = 4_096;

    /// <summary>The most iterations to accept. Default 10,000,000, about ten seconds of one core. More let a server burn our
    /// time at will.</summary>
    public int MaximumIterations { get; init; } = 10_000_000;

    /// <summary>Gives a fresh client nonce: printable ASCII without comma (RFC 5802 §5.1). Default: 24 random bytes in
    /// base64. Anything predictable belongs in tests only.</summary>
    public Func<string> NonceSource { get; init; } = () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));

    /// <summary>Remembers derived keys between connections; <see langword="null"/>, the default, derives them each
    /// time.</summary>
    public ScramKeyCache? KeyCache { get; init; }
}
