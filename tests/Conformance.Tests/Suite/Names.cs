using System.Text.RegularExpressions;

namespace XmppChatClient.Conformance.Tests;

/// <summary>
/// Scenarios say alice@example.test and room@conference.example.test. On the wire each scenario has accounts and rooms of
/// its own, so that all can share one server.
/// </summary>
internal sealed partial class Names(Target target)
{
    private const string Domain = "example.test";
    private const string ConferenceDomain = "conference.example.test";

    private readonly string _own = "-" + Guid.NewGuid().ToString("N")[..8];

    public string Account(string name) => name + _own;

    public string ToWire(string text) =>
        OurNames().Replace(text, match =>
        {
            var local = match.Groups["local"];
            var domain = match.Groups["room"].Success ? target.ConferenceDomain : target.Domain;
            if (char.IsUpper(match.Value[0]))
                domain = domain.ToUpperInvariant();
            return local.Success ? $"{local.Value}{_own}@{domain}" : domain;
        });

    public string FromWire(string text)
    {
        text = text.Replace(_own, "", StringComparison.Ordinal);
        return target.Domain == Domain
            ? text
            : text.Replace(target.ConferenceDomain, ConferenceDomain, StringComparison.Ordinal)
                .Replace(target.Domain, Domain, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<![\w.+-])(?:(?<local>[\w.+-]+)@)?(?<room>conference\.)?example\.test", RegexOptions.IgnoreCase)]
    private static partial Regex OurNames();
}
