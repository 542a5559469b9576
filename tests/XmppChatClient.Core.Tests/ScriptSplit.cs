namespace XmppChatClient.Core.Tests;

/// <summary>How what a <see cref="ScriptedServer"/> sends is cut into the client's reads.</summary>
public enum ScriptSplit
{
    Whole,
    AtTags,
    Bytes,
}
