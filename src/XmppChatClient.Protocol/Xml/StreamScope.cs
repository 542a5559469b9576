namespace XmppChatClient.Xml;

/// <summary>What the opening tag of a stream says about all that comes in the stream.</summary>
internal sealed class StreamScope(byte[] endTag, NamespaceBinding[] bindings)
{
    /// <summary>Around the stream itself.</summary>
    public static StreamScope Outside { get; } = new([], []);

    /// <summary>The tag that closes the stream.</summary>
    public byte[] EndTag => endTag;

    public ReadOnlySpan<NamespaceBinding> Bindings => bindings;

    public bool Says(ReadOnlySpan<byte> otherEndTag, ReadOnlySpan<NamespaceBinding> others)
    {
        if (bindings.Length != others.Length || !otherEndTag.SequenceEqual(endTag))
        {
            return false;
        }

        for (var i = 0; i < others.Length; i++)
        {
            if (!bindings[i].Says(others[i]))
            {
                return false;
            }
        }

        return true;
    }
}
