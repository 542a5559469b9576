using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Stanzas;

/// <summary>Why a stanza could not be delivered or done (RFC 6120 §8.3). Its element has the stanza's own namespace.</summary>
public sealed record StanzaError(StanzaErrorType Type, StanzaErrorCondition Condition, string? Text = null)
    : IPayload<StanzaError>
{
    private const string Namespace = "urn:ietf:params:xml:ns:xmpp-stanzas";

    private static readonly WireNames<StanzaErrorType> Types = new();
    private static readonly WireNames<StanzaErrorCondition> Conditions = new();

    public static XmlName Name { get; } = new(XmppNamespaces.Client, "error");

    /// <summary>The condition's own content: a new address for gone and redirect.</summary>
    public string? Address { get; init; }

    /// <summary>Who found the error, as it was written.</summary>
    public string? By { get; init; }

    /// <summary>The application's own condition, if it gave one.</summary>
    public XmppElement? Detail { get; init; }

    /// <summary>Reads an error leniently: an unknown condition is undefined-condition, an unknown type cancels.</summary>
    public static StanzaError? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        var type = Types.TryParse(element.Attribute("type"), out var known) ? known : StanzaErrorType.Cancel;
        var condition = StanzaErrorCondition.UndefinedCondition;
        string? text = null;
        string? address = null;
        XmppElement? detail = null;
        foreach (var child in element.Elements)
        {
            if (child.Name.Namespace != Namespace)
            {
                detail ??= child;
            }
            else if (child.Name.LocalName == "text")
            {
                text ??= child.Text;
            }
            else if (Conditions.TryParse(child.Name.LocalName, out var named))
            {
                condition = named;
                address = child.Text.Length > 0 ? child.Text : null;
            }
        }

        return new StanzaError(type, condition, text) { Address = address, By = element.Attribute("by"), Detail = detail };
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteAttribute("type", Types.ToWire(Type));
        writer.WriteAttribute("by", By);
        writer.WriteElement(new XmlName(Namespace, Conditions.ToWire(Condition)), Address);
        if (Text is not null)
        {
            writer.WriteElement(new XmlName(Namespace, "text"), Text);
        }

        Detail?.Write(writer);
        writer.WriteEnd();
    }

    public override string ToString() =>
        Text is null ? Conditions.ToWire(Condition) : $"{Conditions.ToWire(Condition)} ({Text})";
}
