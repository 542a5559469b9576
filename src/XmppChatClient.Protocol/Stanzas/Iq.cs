using System.Collections.Immutable;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient;

/// <summary>A request or its answer (RFC 6120 §8.2.3).</summary>
public sealed record Iq : Stanza
{
    private static readonly WireNames<IqType> Types = new();

    public Iq()
    {
    }

    /// <param name="type">Get or set for a request.</param>
    /// <param name="payload">What is asked or answered; <see langword="null"/> only in a bare result.</param>
    public Iq(IqType type, IPayload? payload = null)
    {
        Type = type;
        Payloads = payload is null ? [] : [payload];
    }

    /// <summary>Default <see cref="IqType.Get"/>.</summary>
    public IqType Type { get; init; }

    /// <summary>Whether somebody waits for an answer.</summary>
    public bool IsRequest => Type is IqType.Get or IqType.Set;

    /// <summary>The one payload, or <see langword="null"/> in a bare result.</summary>
    public IPayload? Payload => Payloads.IsEmpty ? null : Payloads[0];

    // Null when there is no known type: such an IQ can be neither answered nor used.
    internal static Iq? Read(XmppElement element, in StanzaHead head, Jid? from, Jid? to) =>
        !Types.TryParse(head.Type, out var type) ? null : new Iq
        {
            From = from,
            To = to,
            Id = head.Id,
            Language = head.Language,
            Type = type,
            Payloads = ImmutableArray.Create<IPayload>(element.Elements.ToArray()),
        };

    /// <summary>The answer to this request: an error if the payload is a <see cref="StanzaError"/>, else a result.</summary>
    /// <exception cref="InvalidOperationException">It is no request: an answer is never answered (RFC 6120 §8.2.3).</exception>
    public Iq Reply(IPayload? payload) => !IsRequest
        ? throw new InvalidOperationException("An IQ that is an answer itself is not answered.")
        : new Iq(payload is StanzaError ? IqType.Error : IqType.Result, payload) { To = From, Id = Id };

    public override void Write(XmlStreamWriter writer)
    {
        WriteHead(writer, "iq", Types.ToWire(Type));
        WritePayloads(writer);
        writer.WriteEnd();
    }
}
