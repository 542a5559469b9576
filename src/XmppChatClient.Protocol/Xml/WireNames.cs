using System.Collections.Frozen;
using System.Text;

namespace XmppChatClient.Xml;

/// <summary>An enum's members as XMPP writes them: <c>NotWellFormed</c> is <c>not-well-formed</c>.</summary>
internal sealed class WireNames<TEnum>
    where TEnum : struct, Enum
{
    private readonly FrozenDictionary<TEnum, string> _toWire;
    private readonly FrozenDictionary<string, TEnum> _fromWire;

    public WireNames()
    {
        _toWire = Enum.GetValues<TEnum>().ToFrozenDictionary(v => v, v => Kebab(v.ToString()));
        _fromWire = _toWire.ToFrozenDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);
    }

    public string ToWire(TEnum value) => _toWire[value];

    public bool TryParse(string? name, out TEnum value)
    {
        value = default;
        return name is not null && _fromWire.TryGetValue(name, out value);
    }

    private static string Kebab(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
