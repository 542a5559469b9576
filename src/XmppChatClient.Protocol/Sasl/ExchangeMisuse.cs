namespace XmppChatClient.Sasl;

/// <summary>What a caller is told who drives a mechanism out of order.</summary>
internal static class ExchangeMisuse
{
    public static InvalidOperationException AlreadyBegun() =>
        new("This exchange has already begun; use a new mechanism for a new attempt.");

    public static InvalidOperationException NotUnderWay() =>
        new("This exchange has not begun or has ended; use a new mechanism for a new attempt.");
}
