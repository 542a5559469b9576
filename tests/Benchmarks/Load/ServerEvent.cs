namespace Benchmarks.Load;

/// <summary>What a stanza of the bot brought about.</summary>
internal enum ServerEvent
{
    None,

    /// <summary>TLS begins behind the answer.</summary>
    TlsStarts,

    /// <summary>The bot has sent its first presence.</summary>
    Online,

    StreamEnds,
}
