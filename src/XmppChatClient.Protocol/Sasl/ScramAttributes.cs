namespace XmppChatClient.Sasl;

/// <summary>Splits a server's SCRAM message into its attributes, in order (RFC 5802 §5.1, §7).</summary>
internal sealed class ScramAttributes
{
    // Letters RFC 5802 gives a meaning: where one is not expected it is a mistake or a trick, never an extension.
    private const string Reserved = "anmrcsipve";

    private readonly List<(char Name, string Value)> _attributes = [];
    private int _next;

    private ScramAttributes()
    {
    }

    public static ScramAttributes Parse(ReadOnlySpan<byte> message)
    {
        var parsed = new ScramAttributes();
        foreach (var part in Decode(message).Split(','))
        {
            if (part.Length < 3 || !char.IsAsciiLetter(part[0]) || part[1] != '=' || part.Contains('\0'))
                throw new XmppSecurityException("The server sent a malformed SCRAM message.");
            if (part[0] == 'm')
                throw new XmppSecurityException("The server demands a SCRAM extension this client does not know (m=).");
            if (parsed._attributes.Exists(a => a.Name == part[0]))
                throw new XmppSecurityException($"The server sent the SCRAM attribute {part[0]}= twice.");
            parsed._attributes.Add((part[0], part[2..]));
        }

        return parsed;
    }

    /// <summary>The next attribute if it has this name.</summary>
    public string? Take(char name) =>
        _next < _attributes.Count && _attributes[_next].Name == name ? _attributes[_next++].Value : null;

    public string Require(char name) => Take(name)
        ?? throw new XmppSecurityException($"The server sent a SCRAM message without {name}= where it belongs.");

    /// <summary>What follows the attributes taken. RFC 5802 §5.1 has unknown optional extensions ignored.</summary>
    /// <returns>The value of one extension; <see langword="null"/> if it is not there.</returns>
    public string? TakeExtensions(char wanted)
    {
        string? value = null;
        while (_next < _attributes.Count)
        {
            var (name, text) = _attributes[_next++];
            if (Reserved.Contains(name, StringComparison.Ordinal))
                throw new XmppSecurityException($"The server sent {name}= of SCRAM where it does not belong.");
            if (name == wanted)
                value = text;
        }

        return value;
    }

    private static string Decode(ReadOnlySpan<byte> message)
    {
        try
        {
            return SaslText.StrictUtf8.GetString(message);
        }
        catch (ArgumentException)
        {
            throw new XmppSecurityException("The server sent a SCRAM message that is not UTF-8.");
        }
    }
}
