namespace XmppChatClient.Transports.Bosh;

/// <summary>What came of one HTTP request.</summary>
/// <param name="Body">What was answered; <see langword="null"/> when that was nothing of BOSH.</param>
/// <param name="Error">What happened instead.</param>
/// <param name="Condition">Which condition of BOSH that is, where it is one.</param>
/// <param name="IsLost">Whether the request or its answer got lost on the way, so that sending it again may help.</param>
internal sealed record BoshAnswer(BoshBody? Body, XmppException? Error, string? Condition, bool IsLost)
{
    public static BoshAnswer Of(BoshBody body) => new(body, null, null, false);

    public static BoshAnswer Lost(string message, Exception? cause = null) => new(null, new XmppConnectionException(message, cause), null, true);

    public static BoshAnswer Wrong(XmppException error, string? condition = null) => new(null, error, condition, false);
}
