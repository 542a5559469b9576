using System.Globalization;
using XmppChatClient.Xml;

namespace XmppChatClient.Streams;

/// <summary>XEP-0478 v0.2.0 <c>&lt;limits/&gt;</c>, a stream feature: what a server takes.</summary>
/// <param name="MaxBytes">The longest element it takes, in bytes; <see langword="null"/> when it does not say.</param>
/// <param name="Idle">How long we may send nothing before it asks whether we are there, or closes the stream;
/// <see langword="null"/> when it does not say.</param>
public sealed record StreamLimits(long? MaxBytes, TimeSpan? Idle) : IPayload<StreamLimits>
{
    // RFC 6120 §13.12: no server may take less. Below it our own acknowledgements would be too long.
    private const uint LeastBytes = 10_000;

    private const string Namespace = "urn:xmpp:stream-limits:0";

    private static readonly XmlName MaxBytesName = new(Namespace, "max-bytes");
    private static readonly XmlName IdleName = new(Namespace, "idle-seconds");

    public static XmlName Name { get; } = new(Namespace, "limits");

    /// <summary>A number that is none, or nothing at all, is no limit: nobody could talk to such a server. Fewer bytes than 10,000 are
    /// read as 10,000 (RFC 6120 §13.12).</summary>
    public static StreamLimits? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return new StreamLimits(
            Number(element.Element(MaxBytesName)) is { } bytes ? Math.Max(bytes, LeastBytes) : null,
            Number(element.Element(IdleName)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        WriteField(writer, MaxBytesName, MaxBytes);
        WriteField(writer, IdleName, (long?)Idle?.TotalSeconds);
        writer.WriteEnd();
    }

    private static uint? Number(XmppElement? element) =>
        uint.TryParse(element?.Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static void WriteField(XmlStreamWriter writer, XmlName name, long? number)
    {
        if (number is { } value)
        {
            writer.WriteElement(name, value.ToString(CultureInfo.InvariantCulture));
        }
    }
}
