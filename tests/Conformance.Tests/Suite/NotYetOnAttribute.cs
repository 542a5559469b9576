namespace XmppChatClient.Conformance.Tests;

/// <summary>A group of scenarios that a server is not played yet, because it is still to learn what they are about.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NotYetOnAttribute(Subject subject) : Attribute
{
    public Subject Subject { get; } = subject;
}
