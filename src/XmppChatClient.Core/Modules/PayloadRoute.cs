using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Modules;

/// <summary>Requests with one type of payload; malformed ones do not reach the handler.</summary>
internal sealed class PayloadRoute<T>(IqType type, Func<Iq, T, CancellationToken, ValueTask<IPayload?>> handler)
    : IqRoute(type)
    where T : class, IPayload<T>
{
    public override XmlName Payload => T.Name;

    public override ValueTask<IPayload?> AnswerAsync(Iq request, CancellationToken cancellationToken) =>
        request.Get<T>() is { } payload
            ? handler(request, payload, cancellationToken)
            : new ValueTask<IPayload?>(StanzaErrors.BadRequest);
}
