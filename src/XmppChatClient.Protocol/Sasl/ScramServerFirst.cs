using System.Globalization;

namespace XmppChatClient.Sasl;

/// <summary>The server's first message, checked against what RFC 5802 §5.1 and our limits allow.</summary>
internal sealed record ScramServerFirst(string Nonce, byte[] Salt, int Iterations, string? OfferHash)
{
    public static ScramServerFirst Read(ReadOnlySpan<byte> message, string clientNonce, ScramOptions options)
    {
        var attributes = ScramAttributes.Parse(message);
        if (attributes.Take('e') is { } error)
            throw ScramRefusal.From(error);

        var nonce = attributes.Require('r');
        if (!nonce.StartsWith(clientNonce, StringComparison.Ordinal) || nonce.Length == clientNonce.Length)
        {
            throw new XmppSecurityException(
                "The server's nonce does not extend ours: its message is no answer to this login.");
        }

        if (!ScramNonce.IsValid(nonce))
            throw new XmppSecurityException("The server's nonce has characters that RFC 5802 does not allow.");

        var salt = SaslText.DecodeBase64(attributes.Require('s'));
        if (salt is null)
            throw new XmppSecurityException("The server's salt is not valid base64.");

        var iterations = ReadIterations(attributes.Require('i'), options);
        return new ScramServerFirst(nonce, salt, iterations, attributes.TakeExtensions('h'));
    }

    private static int ReadIterations(string text, ScramOptions options)
    {
        if (text[0] == '0' || !text.All(char.IsAsciiDigit))
            throw new XmppSecurityException("The server's iteration count is not a positive number.");

        // More digits than an int holds are out of bounds too, whatever they say.
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations > options.MaximumIterations)
        {
            throw new XmppSecurityException(string.Create(CultureInfo.InvariantCulture,
                $"The server asks for more than {options.MaximumIterations} SCRAM iterations, the most we accept."));
        }

        return iterations >= options.MinimumIterations
            ? iterations
            : throw new XmppSecurityException(string.Create(CultureInfo.InvariantCulture,
                $"The server asks for {iterations} SCRAM iterations, fewer than {options.MinimumIterations}, the least we accept."));
    }
}
