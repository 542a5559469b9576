using System.Diagnostics.CodeAnalysis;

namespace XmppChatClient;

/// <summary>An XMPP address, <c>local@domain/resource</c>, of RFC 7622. It is normalised when it is made, so two
/// addresses of the same entity are equal by ordinal comparison, and one that exists is valid. Immutable.</summary>
[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "An order for sorting only.")]
public sealed class Jid : IEquatable<Jid>, IComparable<Jid>, ISpanParsable<Jid>, ISpanFormattable
{
    // One string and two offsets: a roster or a room holds thousands of addresses, and most are only compared.
    private readonly string _text;
    private readonly ushort _domainStart;
    private readonly ushort _domainEnd;
    private Jid? _bare;

    /// <param name="local">The account's name; <see langword="null"/> for the address of a server or service.</param>
    /// <param name="domain">A domain name, an IPv4 address, or an IPv6 address in square brackets.</param>
    /// <param name="resource">The session's or occupant's name; <see langword="null"/> for a bare address.</param>
    /// <exception cref="ArgumentException">A part is empty, longer than 1023 bytes of UTF-8, or has what RFC 7622
    /// does not allow there.</exception>
    public Jid(string? local, string domain, string? resource)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (!JidSyntax.TryNormalizeLocal(local, out var normalLocal, out var error))
            throw new ArgumentException(Sentence(error), nameof(local));
        if (!JidSyntax.TryNormalizeDomain(domain, out var normalDomain, out error))
            throw new ArgumentException(Sentence(error), nameof(domain));
        if (!JidSyntax.TryNormalizeResource(resource, out var normalResource, out error))
            throw new ArgumentException(Sentence(error), nameof(resource));

        var parts = JidText.Join(normalLocal, normalDomain, normalResource);
        (_text, _domainStart, _domainEnd) = (parts.Text, parts.DomainStart, parts.DomainEnd);
    }

    private Jid(JidText parts, Jid? bare = null)
    {
        (_text, _domainStart, _domainEnd) = (parts.Text, parts.DomainStart, parts.DomainEnd);
        _bare = bare;
    }

    /// <summary>The part before the <c>@</c>, or <see langword="null"/>. Made anew at each call.</summary>
    public string? Local => _domainStart == 0 ? null : _text[..(_domainStart - 1)];

    /// <summary>The server's or service's name, with labels as people read them (U-labels); see
    /// <see cref="Precis.Idna.ToAscii"/> for the form that DNS and TLS take. Made anew at each call, unless it is the
    /// whole address.</summary>
    public string Domain => _text[_domainStart.._domainEnd];

    /// <summary>The part after the first <c>/</c>, or <see langword="null"/>. Made anew at each call.</summary>
    public string? Resource => IsBare ? null : _text[(_domainEnd + 1)..];

    /// <summary>Whether the address has no resource.</summary>
    public bool IsBare => _domainEnd == _text.Length;

    /// <summary>The address without its resource; the same instance when there is none.</summary>
    public Jid Bare => IsBare ? this : _bare ??= new Jid(new JidText(_text[.._domainEnd], _domainStart, _domainEnd));

    public static bool operator ==(Jid? left, Jid? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Jid? left, Jid? right) => !(left == right);

    /// <exception cref="FormatException">The text is not an address; the message says why.</exception>
    public static Jid Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryCreate(text, text, out var jid, out var error) ? jid : throw NotAnAddress(error);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Jid? jid)
    {
        jid = null;
        return text is not null && TryCreate(text, text, out jid, out _);
    }

    /// <param name="text">What may be an address.</param>
    /// <param name="jid">The address.</param>
    /// <param name="error">Why there is none, as in <c>the domain part is empty</c>.</param>
    public static bool TryParse(
        ReadOnlySpan<char> text, [NotNullWhen(true)] out Jid? jid, [NotNullWhen(false)] out string? error) =>
        TryCreate(text, null, out jid, out error);

    // The forms with a provider are for generic code only: next to a public one, CA1305 asks every caller of
    // Parse(string) for a culture, which an address does not have.
    static Jid IParsable<Jid>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static Jid ISpanParsable<Jid>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryCreate(s, null, out var jid, out var error) ? jid : throw NotAnAddress(error);

    static bool IParsable<Jid>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Jid result) =>
        TryParse(s, out result);

    static bool ISpanParsable<Jid>.TryParse(
        ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Jid result) =>
        TryCreate(s, null, out result, out _);

    /// <summary>The same bare address with this resource instead of any it has.</summary>
    /// <exception cref="ArgumentException">The resource is empty, longer than 1023 bytes of UTF-8, or has what RFC 7622
    /// does not allow there.</exception>
    public Jid WithResource(string resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (!JidSyntax.TryNormalizeResource(resource, out var normal, out var error))
            throw new ArgumentException(Sentence(error), nameof(resource));

        var bare = Bare;
        return new Jid(new JidText($"{bare._text}/{normal}", _domainStart, _domainEnd), bare);
    }

    /// <summary>The whole address; nothing is allocated.</summary>
    public override string ToString() => _text;

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => _text;

    /// <summary>Writes the whole address; format and provider have no influence.</summary>
    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        var fits = _text.TryCopyTo(destination);
        charsWritten = fits ? _text.Length : 0;
        return fits;
    }

    // A normalised address splits in one way only, so the text decides.
    public bool Equals([NotNullWhen(true)] Jid? other) =>
        ReferenceEquals(this, other) || (other is not null && string.Equals(_text, other._text, StringComparison.Ordinal));

    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as Jid);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Ordinal order of the whole text; <see langword="null"/> comes first.</summary>
    public int CompareTo(Jid? other) => string.CompareOrdinal(_text, other?._text);

    private static bool TryCreate(
        ReadOnlySpan<char> text, string? whole, [NotNullWhen(true)] out Jid? jid, [NotNullWhen(false)] out string? error)
    {
        jid = JidSyntax.TrySplit(text, whole, out var parts, out error) ? new Jid(parts) : null;
        return jid is not null;
    }

    private static FormatException NotAnAddress(string error) => new($"Not an XMPP address: {error}.");

    private static string Sentence(string error) => $"{char.ToUpperInvariant(error[0])}{error[1..]}.";
}
