namespace XmppChatClient.Sasl;

/// <summary>The hash over the server's announcement that protects it against downgrade (XEP-0474 v0.5.0 §6).</summary>
internal static class OfferHash
{
    private const byte BetweenNames = 0x1E;
    private const byte BetweenLists = 0x1F;

    /// <param name="claimed">What the server says the hash is; <see langword="null"/> if it says nothing.</param>
    /// <param name="isNeeded">Whether saying nothing ends the login.</param>
    /// <param name="offer">What arrived here; <see langword="null"/> leaves the claim unchecked.</param>
    /// <param name="hash">The hash function of the mechanism in use.</param>
    public static void Verify(string? claimed, bool isNeeded, SaslOffer? offer, ScramHash hash)
    {
        if (claimed is null && isNeeded)
        {
            throw new XmppSecurityException(
                "The server announces no channel binding this client has and does not prove its announcement " +
                "(XEP-0474): someone may have changed it.");
        }

        if (claimed is not null && offer is not null && claimed != Compute(offer, hash))
        {
            throw new XmppSecurityException(
                "The mechanisms or channel bindings that arrived are not those the server announced (XEP-0474): " +
                "someone may be changing the stream.");
        }
    }

    private static string Compute(SaslOffer offer, ScramHash hash)
    {
        var text = new List<byte>();
        Append(text, offer.Mechanisms);
        if (offer.ChannelBindingTypes is { } types)
        {
            text.Add(BetweenLists);
            Append(text, types);
        }

        return Convert.ToBase64String(hash.Hash(text.ToArray()));
    }

    private static void Append(List<byte> text, IReadOnlyList<string> names)
    {
        var sorted = names.Select(SaslText.StrictUtf8.GetBytes).ToArray();
        // "i;octet" of RFC 4790 §9.3: by bytes; the platform's ordinal order is by UTF-16 units, which is another one.
        Array.Sort(sorted, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i > 0)
                text.Add(BetweenNames);
            text.AddRange(sorted[i]);
        }
    }
}
