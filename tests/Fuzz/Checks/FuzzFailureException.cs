namespace XmppChatClient.Fuzz;

/// <summary>A check that did not hold.</summary>
internal sealed class FuzzFailureException(string message) : Exception(message)
{
    /// <summary>Throws when there is something to tell.</summary>
    public static void ThrowIf(string? failure)
    {
        if (failure is not null)
        {
            throw new FuzzFailureException(failure);
        }
    }

    public static void ThrowUnlessSame<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new FuzzFailureException($"{what}: {expected} became {actual}.");
        }
    }
}
