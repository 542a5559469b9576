namespace XmppChatClient.Testing;

/// <summary>How what a <see cref="ScriptedServer"/> sends is cut into the client's reads.</summary>
public enum ScriptSplit
{
    /// <summary>Not at all: a read gets all that has come.</summary>
    Whole,

    /// <summary>Each read ends behind a <c>&gt;</c>.</summary>
    AtTags,

    /// <summary>Each read gets one byte.</summary>
    Bytes,
}
