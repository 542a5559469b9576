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

    /// <summary>The subject, chosen as <see cref="Body"/> is.</summary>
    public string? Subject { get; init; }

    /// <summary>The conversation this belongs to (RFC 6121 §5.2.5).</summary>
    public string? Thread { get; init; }

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
        };
    }

    internal static Message Read(XmppElement element, in StanzaHead head, Jid? from, Jid? to)
    {
        // RFC 6121 §5.2.3 lets a body come once per language, the stanza's own being the default.
        var body = default(Choice);
        var subject = default(Choice);
        var thread = default(Choice);
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
                case "thread" when child.Attributes.IsEmpty:
                    thread.Offer(child, children, head.Language);
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
            Subject = subject.Element?.Text,
            Thread = thread.Element?.Text,
            Payloads = PayloadsOf(element, children, body, subject, thread),
        };
    }

    // The children but for those that have become properties, by where they stand: two may be one and the same object.
    private static ImmutableArray<IPayload> PayloadsOf(
        XmppElement element, int children, Choice body, Choice subject, Choice thread)
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

    public override void Write(XmlStreamWriter writer)
    {
        WriteHead(writer, "message", Type == MessageType.Normal ? null : Types.ToWire(Type));
        WriteField(writer, "subject", Subject);
        WriteField(writer, "body", Body);
        WriteField(writer, "thread", Thread);
        WritePayloads(writer);
        writer.WriteEnd();
    }

    private struct Choice
    {
        private int _index;
        private bool _fits;

        public XmppElement? Element { get; private set; }

        public readonly int Count => Element is null ? 0 : 1;

        public readonly bool IsAt(int index) => Element is not null && _index == index;

        public void Offer(XmppElement element, int index, string? language)
        {
            var fits = element.Language is not { } own || own == language;
            if (Element is null || (fits && !_fits))
            {
                (Element, _index, _fits) = (element, index, fits);
            }
        }
    }
}
