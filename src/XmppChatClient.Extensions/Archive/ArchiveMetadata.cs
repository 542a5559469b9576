using XmppChatClient.Timestamps;
using XmppChatClient.Xml;

namespace XmppChatClient.Archive;

/// <summary>XEP-0313 v1.1.3 §6 <c>&lt;metadata/&gt;</c>: from where to where an archive reaches; empty in a request.</summary>
/// <param name="Oldest">The first message; <see langword="null"/> in an empty archive.</param>
/// <param name="Newest">The last message; <see langword="null"/> in an empty archive.</param>
public sealed record ArchiveMetadata(ArchivePlace? Oldest = null, ArchivePlace? Newest = null) : IPayload<ArchiveMetadata>
{
    private static readonly XmlName StartName = new(ArchiveRequest.Namespace, "start");
    private static readonly XmlName EndName = new(ArchiveRequest.Namespace, "end");

    public static XmlName Name { get; } = new(ArchiveRequest.Namespace, "metadata");

    public static ArchiveMetadata? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        var (start, end) = (element.Element(StartName), element.Element(EndName));
        if (start is null && end is null)
        {
            return new ArchiveMetadata();
        }

        return Place(start) is { } oldest && Place(end) is { } newest ? new ArchiveMetadata(oldest, newest) : null;
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        Write(writer, StartName, Oldest);
        Write(writer, EndName, Newest);
        writer.WriteEnd();
    }

    private static ArchivePlace? Place(XmppElement? element) =>
        element?.Attribute("id") is { Length: > 0 } id && Timestamp.TryParse(element.Attribute("timestamp"), out var at)
            ? new ArchivePlace(id, at)
            : null;

    private static void Write(XmlStreamWriter writer, XmlName name, ArchivePlace? place)
    {
        if (place is not null)
        {
            writer.WriteStart(name);
            writer.WriteAttribute("id", place.Id);
            writer.WriteAttribute("timestamp", Timestamp.Format(place.At));
            writer.WriteEnd();
        }
    }
}
