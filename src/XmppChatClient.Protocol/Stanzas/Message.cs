using System.Collections.Immutable;
using System.Runtime.InteropServices;
using XmppChatClient.Stanzas;
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

    /// <summary><c>xml:lang</c> of <see cref="Body"/>; <see langword="null"/> for the stanza's own.</summary>
    public string? BodyLanguage { get; init; }

    /// <summary>The subject, chosen as <see cref="Body"/> is.</summary>
    public string? Subject { get; init; }

    /// <summary><c>xml:lang</c> of <see cref="Subject"/>; <see langword="null"/> for the stanza's own.</summary>
    public string? SubjectLanguage { get; init; }

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

    internal static Message Read(XmppElement element, in StanzaHead head, Jid? from, Jid? to)
    {
        // RFC 6121 §5.2.3 lets a body come once per language, the stanza's own being the default.
        var body = default(FieldChoice);
        var subject = default(FieldChoice);
        var thread = default(FieldChoice);
        var children = 0;
        foreach (var child in element.Elements)
        {
            switch (FieldOf(child))
            {
                case "body":
                    body.Offer(child, children, head.Language);
                    break;
                case "subject":
                    subject.Offer(child, children, head.Language);
                    break;
                case "thread":
                    thread.Offer(child, children, child.Language);
                    break;
            }

            children++;
        }

        return new Message
        {
            From = from,
            To = to,
            Id = head.Id,
            Language = head.Language,
            Type = Types.TryParse(head.Type, out var type) ? type : MessageType.Normal,
            Body = body.Element?.Text,
            BodyLanguage = body.Language,
            Subject = subject.Element?.Text,
            SubjectLanguage = subject.Language,
            Thread = thread.Element?.Text,
            ParentThread = thread.Element?.Attribute("parent"),
            Payloads = PayloadsOf(element, children, body, subject, thread),
        };
    }

    public override void Write(XmlStreamWriter writer)
    {
        WriteHead(writer, "message", Type == MessageType.Normal ? null : Types.ToWire(Type));
        WriteField(writer, "subject", Subject, SubjectLanguage);
        WriteField(writer, "body", Body, BodyLanguage);
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

    // The children but for those that have become properties, by where they stand: two may be one and the same object.
    private static ImmutableArray<IPayload> PayloadsOf(
        XmppElement element, int children, in FieldChoice body, in FieldChoice subject, in FieldChoice thread)
    {
        var count = children - body.Count - subject.Count - thread.Count;
        if (count == 0)
        {
            return [];
        }

        var payloads = new IPayload[count];
        var next = 0;
        var index = 0;
        foreach (var child in element.Elements)
        {
            if (!body.IsAt(index) && !subject.IsAt(index) && !thread.IsAt(index))
            {
                payloads[next++] = child;
            }

            index++;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(payloads);
    }
}
