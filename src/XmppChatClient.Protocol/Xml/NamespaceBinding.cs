namespace XmppChatClient.Xml;

/// <summary>One namespace declaration in scope.</summary>
/// <param name="Prefix">Empty for the default namespace.</param>
/// <param name="Namespace">What the prefix stands for.</param>
/// <param name="Outer">What the default namespace was before.</param>
/// <param name="PrefixBefore">Where the declaration with a prefix before this one stands; -1 for none.</param>
internal readonly record struct NamespaceBinding(byte[] Prefix, string Namespace, string Outer, int PrefixBefore)
{
    public bool Says(NamespaceBinding other) => Prefix.AsSpan().SequenceEqual(other.Prefix) && Namespace == other.Namespace;
}
