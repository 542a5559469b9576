using System.Collections.Immutable;
using XmppChatClient.Xml;

namespace XmppChatClient;

/// <summary>A message (RFC 6121 §5).</summary>
public sealed record Message : Stanza
{
    private static readonly WireNames<MessageType> Types = new();

    /// <summary>Default <see cref="MessageType.Normal"/>.</summary>
    public MessageType Type { get; init; }

    /// <summary>The text. When there are several languages, the one of the stanza itself, else the first; the others are
    /// among the payloads.</summary>
    public string? Body { get; init; }

    /// <summary>The subject, chosen as <see cref="Body"/> is.</summary>
    public string? Subject { get; init; }

    /// <summary>The conversation this belongs to (RFC 6121 §5.2.5).</summary>
    public string? Thread { get; init; }

    /// <summary>The conversation that <see cref="Thread"/> branched off; not written without one.</summary>
    public string? ParentThread { get; init; }

    /// <summary>An answer to this message: to its sender, or to its room, in its thread and of its type.</summary>
    /// <exception cref="InvalidOperationException">It is an error, or has no sender: neither is ever answered, lest two
    /// programs talk to each other for ever.</exception>
    public Message ReplyWith(string body)
    {
        if (Type == MessageType.Error || From is null)
        {
            throw new InvalidOperationException("A message that is an error, or that nobody sent, is not answered.");
        }

        return new Message
        {
            To = Type == MessageType.Groupchat ? From.Bare : From,
            Type = Type,
            Body = body,
            Thread = Thread,
            ParentThread = ParentThread,
        };
    }

    internal static Message Read(XmppElement element, Jid? from, Jid? to)
    {
        var language = element.Language;
        var body = TextOf(element, "body", language);
        var subject = TextOf(element, "subject", language);
        XmppElement? thread = null;
        var payloads = ImmutableArray.CreateBuilder<IPayload>();
        foreach (var child in element.Elements)
        {
            if (thread is null && child.Name.LocalName == "thread" && child.Name.Namespace == Namespace)
            {
                thread = child;
            }
            else if (!ReferenceEquals(child, body) && !ReferenceEquals(child, subject))
            {
                payloads.Add(child);
            }
        }

        return new Message
        {
            From = from,
            To = to,
            Id = element.Attribute("id"),
            Language = language,
            Type = Types.TryParse(element.Attribute("type"), out var type) ? type : MessageType.Normal,
            Body = body?.Text,
            Subject = subject?.Text,
            Thread = thread?.Text,
            ParentThread = thread?.Attribute("parent"),
            Payloads = payloads.DrainToImmutable(),
        };
    }

    public override void Write(XmlStreamWriter writer)
    {
        WriteHead(writer, "message", Type == MessageType.Normal ? null : Types.ToWire(Type));
        WriteField(writer, "subject", Subject);
        WriteField(writer, "body", Body);
        if (Thread is not null)
        {
            writer.WriteStart(Namespace, "thread");
            writer.WriteAttribute("parent", ParentThread);
            writer.WriteText(Thread);
            writer.WriteEnd();
        }

        WritePayloads(writer);
        writer.WriteEnd();
    }
}
