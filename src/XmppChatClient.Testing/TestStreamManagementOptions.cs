namespace XmppChatClient.Testing;

/// <summary>How the server does stream management (XEP-0198 v1.6.3).</summary>
public sealed record TestStreamManagementOptions
{
    /// <summary>Whether clients may enable it. Default <see langword="true"/>.</summary>
    public bool Offer { get; init; } = true;

    /// <summary>How long a session lives on without its connection, by the server's clock, for its client to resume it. Whole
    /// seconds, rounded up; a client may ask for less. Default 10 minutes. Zero acknowledges, and resumes nothing.</summary>
    public TimeSpan ResumptionTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Where clients are told to resume, as <c>host:port</c>. Default nowhere: where they were.</summary>
    public string? Location { get; init; }
}
