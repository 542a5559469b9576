namespace XmppChatClient.Xml;

/// <summary>An opening tag without the values of its attributes, and what it means. The stanzas of a stream have few of
/// them: a tag of a known shape needs no more than its values read.</summary>
internal sealed class TagShape
{
    /// <param name="pieces">What was written around the values: one more than there are attributes.</param>
    /// <param name="name">The element's name.</param>
    /// <param name="attributes">The attributes' names, without declarations of namespaces.</param>
    /// <param name="scope">The default namespace around the tag.</param>
    /// <param name="declared">The default namespace that the tag itself declares.</param>
    /// <param name="writtenName">The element's name as it was written.</param>
    public TagShape(
        byte[][] pieces, XmlName name, XmlName[] attributes, string scope, string? declared, ReadOnlySpan<byte> writtenName)
    {
        Pieces = pieces;
        Name = name;
        Attributes = attributes;
        Scope = scope;
        Declared = declared;
        ClosesItself = pieces[^1].AsSpan().EndsWith("/>"u8);
        EndTag = [.. "</"u8, .. writtenName, (byte)'>'];
        Whole = ClosesItself && attributes.Length == 0 ? new XmppElement(name, [], null) : null;
    }

    public byte[][] Pieces { get; }

    public XmlName Name { get; }

    public XmlName[] Attributes { get; }

    public string Scope { get; }

    public string? Declared { get; }

    public bool ClosesItself { get; }

    /// <summary>The tag that closes it, as nearly everybody writes it.</summary>
    public byte[] EndTag { get; }

    /// <summary>The element, where nothing in it can differ.</summary>
    public XmppElement? Whole { get; }

    /// <summary>The next shape in the same place of the cache.</summary>
    public TagShape? Next { get; set; }

    /// <summary>The hash of the name in the tag that came after one of this shape the last time. Not its shape itself: shapes
    /// that hold each other would outlive their places in the cache.</summary>
    public ulong FollowerHash { get; set; }

    /// <summary>The values that its attributes had the last time, one for each; none before the second time.</summary>
    public LastValue[] LastValues { get; set; } = [];

    /// <summary>Whether that is all the same in another scope.</summary>
    public bool Fits(string scope) => Declared is not null || ReferenceEquals(Scope, scope) || Scope == scope;
}
