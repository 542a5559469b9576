namespace XmppChatClient.Sasl;

/// <summary>The hash over the server's announcement that protects it against downgrade (XEP-0474 v0.5.0 §5.1).</summary>
internal static class OfferHash
{
    private const byte BetweenNames = 0x1E;
    private const byte BetweenLists = 0x1F;

    public static string Compute(SaslOffer offer, ScramHash hash)
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
