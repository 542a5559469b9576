using XmppChatClient.Xml;

namespace XmppChatClient.Modules;

/// <summary>Requests of one kind, and what answers them.</summary>
internal abstract class IqRoute(IqType type)
{
    public IqType Type => type;

    /// <summary>The name of the request's payload.</summary>
    public abstract XmlName Payload { get; }

    /// <returns>The result's payload, or the error if it is a <see cref="Stanzas.StanzaError"/>.</returns>
    public abstract ValueTask<IPayload?> AnswerAsync(Iq request, CancellationToken cancellationToken);
}
