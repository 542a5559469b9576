using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Sasl;

namespace XmppChatClient.Fuzz;

/// <summary>What a server says in SCRAM-SHA-256: its first message, a line feed, and its final message. The client's nonce is
/// that of the example in RFC 7677 §3.</summary>
internal static class ScramTarget
{
    private const string Password = "pencil";
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ClientFirst = $"n=user,r={Nonce}";

    public static void Check(byte[] bytes)
    {
        var at = bytes.AsSpan().IndexOf((byte)'\n');
        var first = bytes.AsSpan(0, at < 0 ? bytes.Length : at);
        var final = at < 0 ? default : bytes.AsSpan(at + 1);
        var options = new ScramOptions { NonceSource = () => Nonce, MinimumIterations = 1, MaximumIterations = 4_096 };
        var mechanism = new ScramMechanism(
            ScramHash.Sha256, Gs2ChannelBinding.NotSupported, new SaslCredentials { Username = "user", Password = Password }, null, options);
        if (Encoding.UTF8.GetString(mechanism.Start()!.Value.Span) != $"n,,{ClientFirst}")
        {
            throw new FuzzFailureException("The client's first message is another one.");
        }

        string clientFinal;
        try
        {
            clientFinal = Encoding.UTF8.GetString(mechanism.Respond(first).Span);
            mechanism.Complete(final);
        }
        catch (XmppSecurityException)
        {
            return;
        }
        catch (XmppAuthenticationException)
        {
            return;
        }

        if (!Proves(Encoding.UTF8.GetString(first), clientFinal, Encoding.UTF8.GetString(final)))
        {
            throw new FuzzFailureException("A server that does not know the password was let in.");
        }
    }

    // RFC 5802 §3, by the platform's functions.
    private static bool Proves(string first, string clientFinal, string final)
    {
        var parts = first.Split(',');
        var salt = Convert.FromBase64String(parts[1]["s=".Length..]);
        var iterations = int.Parse(parts[2]["i=".Length..], CultureInfo.InvariantCulture);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Password, salt, iterations, HashAlgorithmName.SHA256, 32);
        var withoutProof = clientFinal[..clientFinal.LastIndexOf(",p=", StringComparison.Ordinal)];
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        var signature = HMACSHA256.HashData(serverKey, Encoding.UTF8.GetBytes($"{ClientFirst},{first},{withoutProof}"));
        return final.Split(',')[0] == $"v={Convert.ToBase64String(signature)}";
    }
}
