namespace XmppChatClient.Core.Tests;

/// <summary>How a <see cref="ScriptedServer"/> cuts what it sends.</summary>
public enum ScriptSplit
{
    Whole,
    AtTags,
    Bytes,
}
