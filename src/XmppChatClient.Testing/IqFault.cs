namespace XmppChatClient.Testing;

/// <summary>What becomes of the answer to a request.</summary>
public sealed record IqFault
{
    private readonly string _name;

    private IqFault(string name, TimeSpan? after = null) => (_name, After) = (name, after);

    /// <summary>It never comes. The request is carried out all the same.</summary>
    public static IqFault Never { get; } = new("never");

    /// <summary>It comes twice.</summary>
    public static IqFault Twice { get; } = new("twice");

    /// <summary>It comes from <c>stranger@domain/x</c>, which nobody asked, and the true one never.</summary>
    public static IqFault FromWrongSender { get; } = new("from the wrong sender");

    internal TimeSpan? After { get; }

    /// <summary>It comes that much later, by the server's clock.</summary>
    public static IqFault Late(TimeSpan after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        return new IqFault("late", after);
    }

    /// <summary>What it is, in words.</summary>
    public override string ToString() => After is { } time ? $"late by {time.TotalSeconds:0.###} s" : _name;
}
