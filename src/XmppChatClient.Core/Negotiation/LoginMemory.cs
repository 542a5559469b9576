using XmppChatClient.Xml;

namespace XmppChatClient.Negotiation;

/// <summary>What one login leaves to the next: in the notes of the client, and so in its store, where it has one.</summary>
/// <param name="find">Gives a note by its name; <see langword="null"/> for none.</param>
/// <param name="note">Makes one, or forgets it.</param>
internal sealed class LoginMemory(Func<string, string?> find, Action<string, string?> note)
{
    private const string ClientNote = "login:client";
    private const string PinsNote = "login:pins";
    private const string OfferNote = "login:offer";
    private const int LongestOffer = 10_000;
    private const string VersionNote = "login:offer-version";
    private const string TokenNote = "login:token";

    /// <summary>What servers know this installation by (XEP-0388 v1.0.4 §2.3): made once, at random.</summary>
    public string ClientId
    {
        get
        {
            if (Guid.TryParseExact(find(ClientNote), "D", out var known))
            {
                return known.ToString("D");
            }

            var id = Guid.NewGuid().ToString("D");
            note(ClientNote, id);
            return id;
        }
    }

    public LoginPins Pins
    {
        get => Enum.TryParse<LoginPins>(find(PinsNote), out var pins) ? pins : LoginPins.None;
        set
        {
            if (value != Pins)
            {
                note(PinsNote, value.ToString("G"));
            }
        }
    }

    /// <summary>What the server offered of SASL2 at the last login.</summary>
    public XmppElement? Offer
    {
        get => Read(OfferNote);
        set => Write(OfferNote, value);
    }

    /// <summary>What the server calls that (XEP-0509 v0.2.0); <see langword="null"/> for nothing.</summary>
    public XmppElement? OfferVersion
    {
        get => Read(VersionNote);
        set => Write(VersionNote, value);
    }

    public FastToken? Token
    {
        get => FastToken.Read(find(TokenNote));
        set
        {
            if (value is not null || find(TokenNote) is not null)
            {
                note(TokenNote, value?.Write());
            }
        }
    }

    private XmppElement? Read(string name)
    {
        try
        {
            return find(name) is { } xml ? XmppElement.Parse(xml) : null;
        }
        catch (XmppProtocolException)
        {
            return null;
        }
    }

    private void Write(string name, XmppElement? element)
    {
        var xml = element?.ToString();
        xml = xml?.Length > LongestOffer ? null : xml;
        if (xml != find(name))
        {
            note(name, xml);
        }
    }
}
