using System.Diagnostics.CodeAnalysis;

namespace XmppChatClient;

/// <summary>Stands in until PRECIS arrives: ASCII only.</summary>
public sealed class Jid : IEquatable<Jid>
{
    private readonly string _full;
    private Jid? _bare;

    private Jid(string? local, string domain, string? resource)
    {
        Local = local;
        Domain = domain;
        Resource = resource;
        _full = (local is null ? "" : local + "@") + domain + (resource is null ? "" : "/" + resource);
    }

    public string? Local { get; }

    public string Domain { get; }

    public string? Resource { get; }

    public bool IsBare => Resource is null;

    public Jid Bare => IsBare ? this : _bare ??= new Jid(Local, Domain, null);

    public static bool operator ==(Jid? left, Jid? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Jid? left, Jid? right) => !(left == right);

    public static Jid Parse(string text) => TryParse(text, out var jid) ? jid : throw new FormatException("it is no JID");

    public static bool TryParse(string? text, [NotNullWhen(true)] out Jid? jid)
    {
        jid = null;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var resource = slash < 0 ? null : text[(slash + 1)..];
        var bare = slash < 0 ? text : text[..slash];
        var at = bare.IndexOf('@', StringComparison.Ordinal);
        var local = at < 0 ? null : bare[..at].ToLowerInvariant();
        var domain = bare[(at + 1)..].ToLowerInvariant();
        if (domain.Length == 0 || local?.Length == 0 || resource?.Length == 0)
        {
            return false;
        }

        jid = new Jid(local, domain, resource);
        return true;
    }

    public Jid WithResource(string resource) => new(Local, Domain, resource);

    public bool Equals(Jid? other) => other is not null && _full == other._full;

    public override bool Equals(object? obj) => Equals(obj as Jid);

    public override int GetHashCode() => _full.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _full;
}
