using System.Security.Cryptography;
using System.Text;

namespace XmppChatClient.Tests.Sasl;

/// <summary>The server's side of SCRAM straight from RFC 5802 §3, sharing no code with the client: even Hi() is its
/// own.</summary>
internal sealed class ScramTestServer(HashAlgorithmName algorithm, string password)
{
    public static readonly byte[] Salt = [1, 2, 3, 4, 5, 6, 7, 8];

    private string _clientFirstBare = "";
    private string _serverFirst = "";

    public string Gs2Header { get; private set; } = "";

    public string Username { get; private set; } = "";

    /// <summary>What follows the iteration count, such as <c>,h=...</c>.</summary>
    public string Extensions { get; init; } = "";

    public byte[] ChannelBinding { get; init; } = [];

    public int Iterations { get; init; } = 4096;

    /// <summary>Computed when it is needed unless given.</summary>
    public byte[]? SaltedPassword { get; init; }

    public string First(string clientFirst)
    {
        var parts = clientFirst.Split(',', 3);
        Gs2Header = $"{parts[0]},{parts[1]},";
        _clientFirstBare = parts[2];
        var attributes = _clientFirstBare.Split(',');
        Username = attributes[0]["n=".Length..]
            .Replace("=2C", ",", StringComparison.Ordinal)
            .Replace("=3D", "=", StringComparison.Ordinal);
        _serverFirst = $"{attributes[1]}server,s={Convert.ToBase64String(Salt)},i={Iterations}{Extensions}";
        return _serverFirst;
    }

    /// <returns>The signature, or the error for a wrong binding or proof.</returns>
    public string Final(string clientFinal)
    {
        var end = clientFinal.LastIndexOf(",p=", StringComparison.Ordinal);
        var (withoutProof, proof) = (clientFinal[..end], Convert.FromBase64String(clientFinal[(end + 3)..]));
        byte[] bound = [.. Encoding.UTF8.GetBytes(Gs2Header), .. ChannelBinding];
        if (!withoutProof.StartsWith($"c={Convert.ToBase64String(bound)},r=", StringComparison.Ordinal))
            return "e=channel-bindings-dont-match";

        var salted = SaltedPassword ?? Hi();
        var authMessage = $"{_clientFirstBare},{_serverFirst},{withoutProof}";
        var storedKey = Hash(Hmac(salted, "Client Key"));
        var signature = Hmac(storedKey, authMessage);
        var clientKey = proof.Zip(signature, (a, b) => (byte)(a ^ b)).ToArray();
        return Hash(clientKey).SequenceEqual(storedKey)
            ? "v=" + Convert.ToBase64String(Hmac(Hmac(salted, "Server Key"), authMessage))
            : "e=invalid-proof";
    }

    private byte[] Hi()
    {
        var key = Encoding.UTF8.GetBytes(password);
        var block = Hmac(key, [.. Salt, 0, 0, 0, 1]);
        var result = (byte[])block.Clone();
        for (var round = 1; round < Iterations; round++)
        {
            block = Hmac(key, block);
            for (var i = 0; i < result.Length; i++)
                result[i] ^= block[i];
        }

        return result;
    }

    private byte[] Hmac(byte[] key, string text) => Hmac(key, Encoding.UTF8.GetBytes(text));

    private byte[] Hmac(byte[] key, byte[] data)
    {
        using var hmac = IncrementalHash.CreateHMAC(algorithm, key);
        hmac.AppendData(data);
        return hmac.GetHashAndReset();
    }

    private byte[] Hash(byte[] data)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        hash.AppendData(data);
        return hash.GetHashAndReset();
    }
}
