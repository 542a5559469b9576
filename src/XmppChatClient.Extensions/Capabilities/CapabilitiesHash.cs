using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Disco;
using XmppChatClient.Xml;

namespace XmppChatClient.Capabilities;

/// <summary>The verification string of XEP-0115 v1.6.0 §5.</summary>
public static class CapabilitiesHash
{
    private const string Namespace = "jabber:x:data";

    private static readonly XmlName Field = new(Namespace, "field");
    private static readonly XmlName Value = new(Namespace, "value");

    // §5.1 sorts by i;octet, the order of bytes of UTF-8; the ordinal order of .NET, of UTF-16, differs beyond U+FFFF.
    private static readonly Comparer<string> Octets = Comparer<string>.Create(
        (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));

    /// <summary>The hash of an answer to service discovery, in base64.</summary>
    /// <param name="info">The answer.</param>
    /// <param name="hash">The hash function by its name in the IANA registry, such as <c>sha-1</c>.</param>
    /// <returns><see langword="null"/> when the function is unknown, or when the answer is ill-formed as §5.4 has it, so that
    /// two different ones could share a hash.</returns>
    [SuppressMessage("Security", "CA5350", Justification = "XEP-0115 §5.1 makes SHA-1 mandatory; it guards a cache, no secret.")]
    public static string? Compute(DiscoInfo info, string hash)
    {
        ArgumentNullException.ThrowIfNull(info);
        if (InputOf(info) is not { } input)
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(input);
        return hash switch
        {
            "sha-1" => Convert.ToBase64String(SHA1.HashData(bytes)),
            "sha-256" => Convert.ToBase64String(SHA256.HashData(bytes)),
            "sha-512" => Convert.ToBase64String(SHA512.HashData(bytes)),
            _ => null,
        };
    }

    private static string? InputOf(DiscoInfo info)
    {
        var identities = info.Identities
            .OrderBy(i => Clean(i.Category), Octets).ThenBy(i => Clean(i.Type), Octets)
            .ThenBy(i => Clean(i.Language), Octets).ThenBy(i => Clean(i.Name), Octets)
            .Select(i => $"{Clean(i.Category)}/{Clean(i.Type)}/{Clean(i.Language)}/{Clean(i.Name)}").ToList();
        var features = info.Features.Select(Clean).Order(Octets).ToList();
        if (!TryForms(info, out var forms) || HasTwins(identities) || HasTwins(features))
        {
            return null;
        }

        var input = new StringBuilder();
        input.AppendJoin("", identities.Select(i => i + "<"));
        input.AppendJoin("", features.Select(f => f + "<"));
        input.AppendJoin("", forms);
        return input.ToString();
    }

    private static bool TryForms(DiscoInfo info, out IEnumerable<string> forms)
    {
        // §5.4 rule 3.6: a form without a hidden FORM_TYPE is left out; 3.4 and 3.5: two of one type are ill-formed.
        var byType = new SortedDictionary<string, string>(Octets);
        forms = byType.Values;
        foreach (var form in info.Forms)
        {
            var fields = form.Elements.ToArray().Where(e => e.Name == Field).ToList();
            var type = fields.Find(f => f.Attribute("var") == "FORM_TYPE" && f.Attribute("type") == "hidden");
            if (type is null)
            {
                continue;
            }

            var types = ValuesOf(type);
            if (types.Distinct(StringComparer.Ordinal).Count() != 1)
            {
                return false;
            }

            var text = new StringBuilder(types[0]).Append('<');
            foreach (var field in fields.Where(f => f != type).OrderBy(f => Clean(f.Attribute("var")), Octets))
            {
                text.Append(Clean(field.Attribute("var"))).Append('<');
                text.AppendJoin("", ValuesOf(field).Order(Octets).Select(v => v + "<"));
            }

            if (!byType.TryAdd(types[0], text.ToString()))
            {
                return false;
            }
        }

        return true;
    }

    private static List<string> ValuesOf(XmppElement field) =>
        [.. field.Elements.ToArray().Where(e => e.Name == Value).Select(e => Clean(e.Text))];

    private static bool HasTwins(List<string> texts) => texts.Distinct(StringComparer.Ordinal).Count() != texts.Count;

    // §5.2: the separator is escaped, lest one feature pass for two.
    private static string Clean(string? text) => text?.Replace("<", "&lt;", StringComparison.Ordinal) ?? "";
}
