namespace XmppChatClient.Stanzas;

/// <summary>Errors often answered, with the types that RFC 6120 §8.3.3 gives them.</summary>
public static class StanzaErrors
{
    public static StanzaError BadRequest { get; } = new(StanzaErrorType.Modify, StanzaErrorCondition.BadRequest);

    public static StanzaError Forbidden { get; } = new(StanzaErrorType.Auth, StanzaErrorCondition.Forbidden);

    public static StanzaError InternalServerError { get; } =
        new(StanzaErrorType.Cancel, StanzaErrorCondition.InternalServerError);

    public static StanzaError ItemNotFound { get; } = new(StanzaErrorType.Cancel, StanzaErrorCondition.ItemNotFound);

    public static StanzaError ResourceConstraint { get; } =
        new(StanzaErrorType.Wait, StanzaErrorCondition.ResourceConstraint);

    public static StanzaError ServiceUnavailable { get; } =
        new(StanzaErrorType.Cancel, StanzaErrorCondition.ServiceUnavailable);
}
