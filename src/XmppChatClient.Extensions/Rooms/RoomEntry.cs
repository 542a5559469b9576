using System.Globalization;
using XmppChatClient.Xml;

namespace XmppChatClient.Rooms;

/// <summary>XEP-0045 v1.35.1 §7.2.1 <c>&lt;x/&gt;</c>: asks to enter a room.</summary>
/// <param name="History">How many earlier messages may come; <see langword="null"/> for as many as the room likes (§7.2.14).</param>
/// <param name="Seconds">How old those may be; <see langword="null"/> for any age.</param>
/// <param name="Password">What one must know to enter; <see langword="null"/> for nothing (§7.2.5).</param>
internal sealed record RoomEntry(int? History, long? Seconds, string? Password) : IPayload
{
    public const string Namespace = "http://jabber.org/protocol/muc";

    public static readonly XmlName Name = new(Namespace, "x");

    private static readonly XmlName HistoryName = new(Namespace, "history");
    private static readonly XmlName PasswordName = new(Namespace, "password");

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        if (History is not null || Seconds is not null)
        {
            writer.WriteStart(HistoryName);
            writer.WriteAttribute("maxstanzas", History?.ToString(CultureInfo.InvariantCulture));
            writer.WriteAttribute("seconds", Seconds?.ToString(CultureInfo.InvariantCulture));
            writer.WriteEnd();
        }

        if (Password is not null)
        {
            writer.WriteElement(PasswordName, Password);
        }

        writer.WriteEnd();
    }
}
