using System.Security.Cryptography;
using System.Text;

namespace XmppChatClient.Sasl;

/// <summary>Keeps derived SCRAM keys, so that a reconnect costs no thousands of hashes (RFC 5802 §5.1 allows a client
/// to keep them). One entry per hash function, taken only from exchanges in which the server proved itself. Owned by
/// the caller, for one account; safe for several threads. The keys are as good as the password: keep it in memory
/// only.</summary>
public sealed class ScramKeyCache : IDisposable
{
    private readonly Lock _gate = new();

    // There are as many as a server changes its mind: one, as a rule.
    private Entry[] _entries = [];

    // The password itself is not kept, and without this key its fingerprint gives nothing to guess against offline.
    private static readonly byte[] FingerprintKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>How many entries it holds, at most one per hash function.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Length;
        }
    }

    /// <summary>Wipes and forgets every key. The cache can be used again afterwards.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            foreach (var entry in _entries)
                entry.Keys.Dispose();
            _entries = [];
        }
    }

    /// <summary>The same as <see cref="Clear"/>.</summary>
    public void Dispose() => Clear();

    internal ScramKeys? Find(ScramHash hash, string password, ReadOnlySpan<byte> salt, int iterations)
    {
        lock (_gate)
        {
            return Array.Find(_entries, e => e.Hash == hash) is { } entry
                && entry.Iterations == iterations
                && salt.SequenceEqual(entry.Salt)
                && CryptographicOperations.FixedTimeEquals(Fingerprint(password), entry.Fingerprint)
                    ? entry.Keys.Copy()
                    : null;
        }
    }

    internal void Keep(ScramHash hash, string password, byte[] salt, int iterations, ScramKeys keys)
    {
        var entry = new Entry(hash, Fingerprint(password), salt, iterations, keys.Copy());
        lock (_gate)
        {
            if (Array.Find(_entries, e => e.Hash == hash) is { } old)
                old.Keys.Dispose();
            _entries = [.. _entries.Where(e => e.Hash != hash), entry];
        }
    }

    private static byte[] Fingerprint(string password)
    {
        var encoded = Encoding.UTF8.GetBytes(password);
        try
        {
            return HMACSHA256.HashData(FingerprintKey, encoded);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(encoded);
        }
    }

    private sealed record Entry(ScramHash Hash, byte[] Fingerprint, byte[] Salt, int Iterations, ScramKeys Keys);
}
