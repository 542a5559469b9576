using System.Globalization;

namespace XmppChatClient.Negotiation;

/// <summary>What stands in for the password (XEP-0484 v0.2.0 §3.3). Not a record: printing one must never print the token.</summary>
/// <param name="mechanism">The only one that it is good for.</param>
/// <param name="secret">As good as the password.</param>
/// <param name="expiry">From when on the server takes it no more.</param>
/// <param name="count">How often it was used.</param>
internal sealed class FastToken(string mechanism, string secret, DateTimeOffset expiry, int count)
{
    public string Mechanism { get; } = mechanism;

    public string Secret { get; } = secret;

    public DateTimeOffset Expiry { get; } = expiry;

    /// <summary>How often it was used. A server that counts too takes no attempt twice.</summary>
    public int Count { get; } = count;

    /// <returns><see langword="null"/> for no note, and for one that is none of ours.</returns>
    public static FastToken? Read(string? note) =>
        note?.Split(' ', 4) is [{ Length: > 0 } mechanism, var expiry, var count, { Length: > 0 } secret]
        && DateTimeOffset.TryParseExact(expiry, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var used)
            ? new FastToken(mechanism, secret, at, used) : null;

    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{Mechanism} {Expiry:O} {Count} {Secret}");
}
