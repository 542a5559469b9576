using System.Collections.Immutable;
using System.Globalization;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient;

/// <summary>Presence or a subscription request (RFC 6121 §3 and §4).</summary>
public sealed record Presence : Stanza
{
    private static readonly WireNames<PresenceType> Types = new();
    private static readonly WireNames<PresenceShow> Shows = new();

    /// <summary>Default <see cref="PresenceType.Available"/>.</summary>
    public PresenceType Type { get; init; }

    /// <summary>Default <see cref="PresenceShow.Online"/>.</summary>
    public PresenceShow Show { get; init; }

    /// <summary>A line about it for people; when there are several languages, chosen as a message's body is.</summary>
    public string? Status { get; init; }

    /// <summary><c>xml:lang</c> of <see cref="Status"/>; <see langword="null"/> for the stanza's own.</summary>
    public string? StatusLanguage { get; init; }

    /// <summary>Which of an account's resources gets messages to the bare JID: the highest; a negative one gets none.
    /// Default 0 (RFC 6121 §4.7.2.3).</summary>
    public sbyte Priority { get; init; }

    // Null when the type is unknown: RFC 6121 §4.7.1 gives it no meaning, and to take it for available would be a lie.
    internal static Presence? Read(XmppElement element, in StanzaHead head, Jid? from, Jid? to)
    {
        var type = PresenceType.Available;
        if (head.Type is { } typeName
            && (!Types.TryParse(typeName, out type) || type == PresenceType.Available))
        {
            return null;
        }

        var show = PresenceShow.Online;
        var status = StatusOf(element, head.Language);
        sbyte priority = 0;
        var payloads = ImmutableArray.CreateBuilder<IPayload>();
        var index = -1;
        foreach (var child in element.Elements)
        {
            index++;
            switch (FieldOf(child))
            {
                case "show":
                    show = Shows.TryParse(child.Text, out var known) ? known : PresenceShow.Online;
                    break;
                case "status" when status.IsAt(index):
                    break;
                case "priority":
                    _ = sbyte.TryParse(child.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite
                        | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out priority);
                    break;
                default:
                    payloads.Add(child);
                    break;
            }
        }

        return new Presence
        {
            From = from,
            To = to,
            Id = head.Id,
            Language = head.Language,
            Type = type,
            Show = show,
            Status = status.Element?.Text,
            StatusLanguage = status.Language,
            Priority = priority,
            Payloads = payloads.DrainToImmutable(),
        };
    }

    public override void Write(XmlStreamWriter writer)
    {
        WriteHead(writer, "presence", Type == PresenceType.Available ? null : Types.ToWire(Type));
        WriteField(writer, "show", Show == PresenceShow.Online ? null : Shows.ToWire(Show));
        WriteField(writer, "status", Status, StatusLanguage);
        WriteField(writer, "priority", Priority == 0 ? null : Priority.ToString(CultureInfo.InvariantCulture));
        WritePayloads(writer);
        writer.WriteEnd();
    }

    private static FieldChoice StatusOf(XmppElement element, string? language)
    {
        var status = default(FieldChoice);
        var index = 0;
        foreach (var child in element.Elements)
        {
            if (FieldOf(child) == "status")
            {
                status.Offer(child, index, language);
            }

            index++;
        }

        return status;
    }
}
