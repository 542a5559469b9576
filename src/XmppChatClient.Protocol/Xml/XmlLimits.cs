namespace XmppChatClient.Xml;

/// <summary>How much a peer may make us hold. Each is checked before anything is allocated for it.</summary>
public sealed record XmlLimits
{
    /// <summary>The defaults of each limit.</summary>
    public static XmlLimits Default { get; } = new();

    /// <summary>Longest a stanza, or the stream's opening tag, may be, in bytes of UTF-8. Default 4,194,304; RFC 6120 §13.12
    /// requires at least 10,000. Servers write a quote as six bytes: what they hand on may be six times as long as what they
    /// took, which by default is up to 262,144 bytes from a client and 524,288 from another server.</summary>
    public int StanzaBytes { get; init; } = 4_194_304;

    /// <summary>How deep elements may nest, the stanza itself being 1. Default 64, at most 1,024: trees are walked by
    /// recursion.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less than 1 or more than 1,024.</exception>
    public int Depth
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Depth));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1_024, nameof(Depth));
            field = value;
        }
    } = 64;

    /// <summary>How many attributes, namespace declarations included, one element may have. Default 64.</summary>
    public int Attributes { get; init; } = 64;

    /// <summary>How many declarations of namespaces with a prefix may be in scope at once, those of the stream's opening tag
    /// included: each name with a prefix is looked for among them. Default 128.</summary>
    public int Prefixes { get; init; } = 128;

    /// <summary>How many elements one stanza may hold, itself included. Default 20,000, a roster of about 10,000.</summary>
    public int Elements { get; init; } = 20_000;
}
