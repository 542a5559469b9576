namespace XmppChatClient.Xml;

/// <summary>Parsers that no stream needs at the moment. Most streams are idle most of the time, and what a parser has learned
/// is good for any stream: so there are about as many as there are processors, not one for each stream.</summary>
internal sealed class ParserPool(int size)
{
    private readonly XmlElementParser?[] _idle = new XmlElementParser?[size];

    /// <summary>The pool of all streams of the process.</summary>
    public static ParserPool Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>A parser of those limits, in no stream yet.</summary>
    public XmlElementParser Rent(XmlLimits limits)
    {
        var first = FirstPlace();
        for (var i = 0; i < _idle.Length; i++)
        {
            ref var place = ref _idle[(first + i) % _idle.Length];
            if (Volatile.Read(ref place) is { } parser && parser.Limits == limits
                && Interlocked.CompareExchange(ref place, null, parser) == parser)
            {
                return parser;
            }
        }

        return new XmlElementParser(limits);
    }

    /// <summary>Gives back a parser that has thrown nothing. Without room for it, it takes another one's place.</summary>
    public void Return(XmlElementParser parser)
    {
        var first = FirstPlace();
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[(first + i) % _idle.Length], parser, null) is null)
            {
                return;
            }
        }

        Volatile.Write(ref _idle[first], parser);
    }

    // Processors begin at different places, so that they seldom meet.
    private int FirstPlace() => (Thread.GetCurrentProcessorId() & int.MaxValue) % _idle.Length;
}
