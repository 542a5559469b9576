using System.Security.Cryptography;
using System.Text;

namespace XmppChatClient.Transports.Bosh;

/// <summary>Keys of which each is the hash of the next one used (XEP-0124 §15): nobody else can make a request's key from those
/// that were seen.</summary>
internal sealed class BoshKeys
{
    private const int Shortest = 256;

    private string[] _keys = Make();
    private int _left;

    public BoshKeys() => _left = _keys.Length - 1;

    /// <summary>What the session begins with.</summary>
    public string First => _keys[^1];

    /// <summary>The key of the next request, and what the one after it will hash to where another sequence begins.</summary>
    public (string Key, string? NewKey) Next()
    {
        var key = _keys[--_left];
        if (_left > 0)
        {
            return (key, null);
        }

        _keys = Make();
        _left = _keys.Length - 1;
        return (key, First);
    }

    private static string[] Make()
    {
        var keys = new string[Shortest + RandomNumberGenerator.GetInt32(Shortest)];
        var value = RandomNumberGenerator.GetHexString(40, lowercase: true);
        for (var i = 0; i < keys.Length; i++)
        {
#pragma warning disable CA5350 // The protocol has no other.
            value = Convert.ToHexStringLower(SHA1.HashData(Encoding.ASCII.GetBytes(value)));
#pragma warning restore CA5350
            keys[i] = value;
        }

        return keys;
    }
}
