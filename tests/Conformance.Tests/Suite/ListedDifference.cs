namespace XmppChatClient.Conformance.Tests;

/// <summary>A difference that is allowed, on which servers, and why.</summary>
internal sealed record ListedDifference(IReadOnlyList<Subject> Subjects, string Reason, LineDifference Difference);
