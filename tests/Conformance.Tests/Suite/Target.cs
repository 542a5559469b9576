namespace XmppChatClient.Conformance.Tests;

/// <summary>A running server, as far as a scenario needs to know it.</summary>
public sealed record Target(
    Subject Subject,
    string Host,
    int Port,
    string Domain,
    string ConferenceDomain,
    Func<string, string, CancellationToken, Task> AddAccountAsync);
