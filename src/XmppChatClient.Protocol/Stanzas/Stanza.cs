using System.Collections.Immutable;
using XmppChatClient.Stanzas;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient;

/// <summary>A message, presence or IQ: addressing and payloads (RFC 6120 §8). Immutable; change a copy with
/// <c>with</c>.</summary>
public abstract record Stanza : IXmlWritable
{
    internal const string Namespace = XmppNamespaces.Client;

    private protected Stanza()
    {
    }

    /// <summary>The sender. On what we send leave it <see langword="null"/>: the server fills it in; a component may set any
    /// address of its domain. On what we receive <see langword="null"/> means our own account (RFC 6120 §8.1.2.1).</summary>
    public Jid? From { get; init; }

    /// <summary>The receiver; <see langword="null"/> for our own server or account.</summary>
    public Jid? To { get; init; }

    /// <summary>Names this stanza to its sender. When <see langword="null"/> on sending, the client makes one.</summary>
    public string? Id { get; init; }

    /// <summary><c>xml:lang</c> of human-readable content.</summary>
    public string? Language { get; init; }

    /// <summary>Everything that has no property of its own, in order: records of extensions when sending,
    /// <see cref="XmppElement"/>s when received. Default empty.</summary>
    public ImmutableArray<IPayload> Payloads
    {
        get;
        init => field = value.IsDefault ? [] : value;
    } = [];

    /// <summary>The error that a stanza of type <c>error</c> carries.</summary>
    public StanzaError? Error => Get<StanzaError>();

    /// <summary>The first well-formed payload of that type, or <see langword="null"/>.</summary>
    public T? Get<T>()
        where T : class, IPayload<T>
    {
        foreach (var payload in Payloads)
        {
            if (payload is T typed)
            {
                return typed;
            }

            if (payload is XmppElement element && element.Name == T.Name && T.Read(element) is { } read)
            {
                return read;
            }
        }

        return null;
    }

    public abstract void Write(XmlStreamWriter writer);

    /// <summary>The stanza as XML.</summary>
    public sealed override string ToString() => XmlStreamWriter.ToText(this);

    /// <summary>The name of a child in the stanza's own namespace; empty for a payload.</summary>
    private protected static string FieldOf(XmppElement child) =>
        child.Name.Namespace == Namespace ? child.Name.LocalName : "";

    private protected void WriteHead(XmlStreamWriter writer, string localName, string? type)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Namespace, localName);
        writer.WriteAttribute("from", From?.ToString());
        writer.WriteAttribute("to", To?.ToString());
        writer.WriteAttribute("id", Id);
        writer.WriteAttribute("type", type);
        writer.WriteAttribute(XmlName.Lang, Language);
    }

    private protected void WritePayloads(XmlStreamWriter writer)
    {
        foreach (var payload in Payloads)
        {
            payload.Write(writer);
        }
    }

    private protected static void WriteField(XmlStreamWriter writer, string localName, string? text, string? language = null)
    {
        if (text is not null)
        {
            writer.WriteStart(Namespace, localName);
            writer.WriteAttribute(XmlName.Lang, language);
            writer.WriteText(text);
            writer.WriteEnd();
        }
    }
}
