using System.Globalization;
using System.Text.RegularExpressions;

namespace XmppChatClient.Core.Tests.Bosh;

/// <summary>A request as it came.</summary>
/// <param name="Head">Its lines of HTTP.</param>
/// <param name="Body">What it carried.</param>
internal sealed record BoshPost(string Head, string Body)
{
    public long Number => long.Parse(this["rid"]!, CultureInfo.InvariantCulture);

    /// <summary>Whether it only asks for what there is.</summary>
    public bool IsEmpty => this["sid"] is not null && Body.EndsWith("/>", StringComparison.Ordinal) && this["type"] is null && this["xmpp:restart"] is null;

    /// <summary>An attribute of the wrapper.</summary>
    public string? this[string name] =>
        Regex.Match(Body[..(Body.IndexOf('>', StringComparison.Ordinal) + 1)], $" {name}='([^']*)'") is { Success: true } match
            ? match.Groups[1].Value : null;
}
