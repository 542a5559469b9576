using XmppChatClient.Xml;

namespace XmppChatClient.SoftwareVersion;

/// <summary>XEP-0092 v1.1 §2 <c>&lt;query/&gt;</c>: empty in a request.</summary>
/// <param name="Product">The software's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="OperatingSystem">What it runs on, if it says so.</param>
public sealed record VersionQuery(string? Product = null, string? Version = null, string? OperatingSystem = null)
    : IPayload<VersionQuery>
{
    private const string Namespace = "jabber:iq:version";

    private static readonly XmlName ProductName = new(Namespace, "name");
    private static readonly XmlName VersionName = new(Namespace, "version");
    private static readonly XmlName SystemName = new(Namespace, "os");

    public static XmlName Name { get; } = new(Namespace, "query");

    public static VersionQuery? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return new(element.Element(ProductName)?.Text, element.Element(VersionName)?.Text, element.Element(SystemName)?.Text);
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        WriteField(writer, ProductName, Product);
        WriteField(writer, VersionName, Version);
        WriteField(writer, SystemName, OperatingSystem);
        writer.WriteEnd();
    }

    private static void WriteField(XmlStreamWriter writer, XmlName name, string? text)
    {
        if (text is not null)
        {
            writer.WriteElement(name, text);
        }
    }
}
