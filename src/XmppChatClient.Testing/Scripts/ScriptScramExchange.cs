using System.Text;
using XmppChatClient.Testing.Login;

namespace XmppChatClient.Testing.Scripts;

/// <summary>What a script says in SCRAM (RFC 5802 §3) to what the client said. It refuses nobody: the script decides how it
/// goes on.</summary>
/// <param name="serverEndPoint">What a binding to the channel binds to; empty without TLS.</param>
internal sealed class ScriptScramExchange(ScramKeys keys, byte[] serverEndPoint)
{
    private string _header = "";
    private string _clientFirst = "";
    private string _serverFirst = "";

    public string First(string clientFirst)
    {
        var parts = clientFirst.Split(',', 3);
        _header = $"{parts[0]},{parts[1]},";
        _clientFirst = parts[2];
        var nonce = _clientFirst.Split(',')[1];
        return _serverFirst = $"{nonce}server,s={Convert.ToBase64String(keys.Salt)},i={keys.Iterations}";
    }

    /// <returns>The signature, or the error for a wrong binding or proof.</returns>
    public string Final(string clientFinal)
    {
        var end = clientFinal.LastIndexOf(",p=", StringComparison.Ordinal);
        var withoutProof = clientFinal[..end];
        byte[] bound = [.. Encoding.UTF8.GetBytes(_header), .. _header[0] == 'p' ? serverEndPoint : []];
        if (!withoutProof.StartsWith($"c={Convert.ToBase64String(bound)},r=", StringComparison.Ordinal))
        {
            return "e=channel-bindings-dont-match";
        }

        var signed = Encoding.UTF8.GetBytes($"{_clientFirst},{_serverFirst},{withoutProof}");
        return keys.IsProof(Convert.FromBase64String(clientFinal[(end + 3)..]), signed)
            ? $"v={Convert.ToBase64String(keys.Signature(signed))}" : "e=invalid-proof";
    }
}
