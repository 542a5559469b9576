using System.Text.Json;
using System.Xml;

namespace XmppChatClient.Transports.Web;

/// <summary>The two forms of what a domain says of itself (RFC 6415 §3 and appendix A).</summary>
internal static class HostMetaFile
{
    private const string Namespace = "http://docs.oasis-open.org/ns/xri/xrd-1.0";

    /// <summary>Where the links of a relation point to, as they say.</summary>
    /// <returns><see langword="null"/> when it is no such file.</returns>
    public static IReadOnlyList<string>? ReadXml(byte[] file, string relation)
    {
        var links = new List<string>();
        try
        {
            using var reader = XmlReader.Create(
                new MemoryStream(file), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            reader.MoveToContent();
            if (reader.LocalName != "XRD" || reader.NamespaceURI != Namespace)
            {
                return null;
            }

            while (reader.Read())
            {
                if (reader is { NodeType: XmlNodeType.Element, Depth: 1, LocalName: "Link", NamespaceURI: Namespace }
                    && reader.GetAttribute("rel") == relation && reader.GetAttribute("href") is { } target)
                {
                    links.Add(target);
                }
            }
        }
        catch (XmlException)
        {
            return null;
        }

        return links;
    }

    /// <inheritdoc cref="ReadXml"/>
    public static IReadOnlyList<string>? ReadJson(byte[] file, string relation)
    {
        try
        {
            using var document = JsonDocument.Parse(file);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            return document.RootElement.TryGetProperty("links", out var links) && links.ValueKind == JsonValueKind.Array
                ? [.. links.EnumerateArray().Where(l => TextOf(l, "rel") == relation).Select(l => TextOf(l, "href")).OfType<string>()]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter at a text that is half of a character.
            return null;
        }
    }

    private static string? TextOf(JsonElement link, string name) =>
        link.ValueKind == JsonValueKind.Object && link.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
