namespace XmppChatClient.Interop.Tests;

/// <summary>Tests that take the whole machine, after those that run side by side and have time limits.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
