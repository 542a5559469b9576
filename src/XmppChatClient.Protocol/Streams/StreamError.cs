using XmppChatClient.Xml;

namespace XmppChatClient.Streams;

/// <summary>Why a stream was ended (RFC 6120 §4.9).</summary>
public sealed record StreamError(StreamErrorCondition Condition, string? Text = null) : IPayload<StreamError>
{
    private const string Namespace = "urn:ietf:params:xml:ns:xmpp-streams";

    public static XmlName Name { get; } = new(XmppNamespaces.Streams, "error");

    /// <summary>Where <see cref="StreamErrorCondition.SeeOtherHost"/> points: a host, perhaps with a port.</summary>
    public string? OtherHost { get; init; }

    /// <summary>Where it points with a URI, as <c>&lt;close/&gt;</c> does over WebSocket (RFC 7395 §3.4). No part of the element.
    /// </summary>
    public Uri? OtherEndpoint { get; init; }

    /// <summary>The application's own condition, if it gave one.</summary>
    public XmppElement? Detail { get; init; }

    /// <summary>Whether connecting again may help with nothing changed. A conflict is not transient: two clients of one
    /// resource would throw each other out for ever.</summary>
    public bool IsTransient => Condition is StreamErrorCondition.ConnectionTimeout
        or StreamErrorCondition.InternalServerError
        or StreamErrorCondition.RemoteConnectionFailed
        or StreamErrorCondition.Reset
        or StreamErrorCondition.ResourceConstraint
        or StreamErrorCondition.SeeOtherHost
        or StreamErrorCondition.SystemShutdown
        or StreamErrorCondition.UndefinedCondition;

    public static StreamError? Read(XmppElement element)
    {
        ArgumentNullException.ThrowIfNull(element);
        var condition = StreamErrorCondition.UndefinedCondition;
        string? text = null;
        string? otherHost = null;
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
            else if (condition == StreamErrorCondition.UndefinedCondition)
            {
                condition = StreamErrorConditions.FromWireName(child.Name.LocalName);
                otherHost = condition == StreamErrorCondition.SeeOtherHost ? child.Text : null;
            }
        }

        return new StreamError(condition, text) { OtherHost = otherHost, Detail = detail };
    }

    public void Write(XmlStreamWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStart(Name);
        writer.WriteElement(new XmlName(Namespace, Condition.ToWireName()), OtherHost);
        if (Text is not null)
        {
            writer.WriteElement(new XmlName(Namespace, "text"), Text);
        }

        Detail?.Write(writer);
        writer.WriteEnd();
    }

    public override string ToString() =>
        Text is null ? Condition.ToWireName() : $"{Condition.ToWireName()} ({Text})";
}
