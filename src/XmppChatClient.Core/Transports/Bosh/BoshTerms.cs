using System.Globalization;
using XmppChatClient.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Transports.Bosh;

/// <summary>What the server said when it began the session (XEP-0124 §7.2).</summary>
internal sealed record BoshTerms
{
    private const int LongestId = 1024;

    // What it does not limit is limited here.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Those of a session that ended where it began.</summary>
    public static BoshTerms Ended { get; } = new()
    {
        Id = "",
        Wait = TimeSpan.Zero,
        Hold = 0,
        Requests = 1,
        Inactivity = Longest,
        Polling = TimeSpan.Zero,
        IsProsody = false,
    };

    public required string Id { get; init; }

    /// <summary>How long it may hold a request.</summary>
    public required TimeSpan Wait { get; init; }

    /// <summary>How many requests it holds. Above that it answers the oldest at once.</summary>
    public required int Hold { get; init; }

    /// <summary>How many requests may be unanswered.</summary>
    public required int Requests { get; init; }

    /// <summary>How long there may be no request, after which it forgets the session; a day where it does not say.</summary>
    public required TimeSpan Inactivity { get; init; }

    /// <summary>How long to wait between two requests that ask for what there is, when the first got nothing.</summary>
    public required TimeSpan Polling { get; init; }

    /// <summary>Whether nothing is ever held, so that all requests are spaced out (XEP-0124 §12).</summary>
    public bool IsPolling => Wait == TimeSpan.Zero || Hold == 0 || Requests == 1;

    /// <summary>Whether this is Prosody (0.12, 13.0), whose mod_bosh alone has one id for the session and its stream.</summary>
    /// <remarks>It says that a session of stream management can go on over BOSH, and ends in an error at <c>&lt;resume/&gt;</c>, which it never
    /// answers, while what the old session had is held for ever. And a request whose connection was cut before its answer is unknown to it
    /// once there is a newer one, but the session goes on.</remarks>
    public required bool IsProsody { get; init; }

    /// <exception cref="XmppProtocolException">It does not say what it must.</exception>
    public static BoshTerms Read(XmppElement wrapper, TimeSpan wait, string endpoint)
    {
        if (wrapper.Attribute("sid") is not { Length: > 0 and <= LongestId } id)
        {
            throw new XmppProtocolException(
                StreamErrorCondition.BadFormat, $"{endpoint} began a BOSH session without a usable sid (XEP-0124 §7.2).");
        }

        var hold = Math.Min(Number("hold") ?? 1, 1);
        return new BoshTerms
        {
            Id = id,
            Wait = Number("wait") is { } seconds ? Min(TimeSpan.FromSeconds(seconds), wait) : wait,
            Hold = hold,

            // More would be of no use: one is held, and the other carries what is sent.
            Requests = Math.Clamp(Number("requests") ?? 2, 1, 2),
            Inactivity = Number("inactivity") is > 0 and var inactivity ? Min(TimeSpan.FromSeconds(inactivity), Longest) : Longest,
            Polling = Min(TimeSpan.FromSeconds(Number("polling") ?? 0), Longest),
            IsProsody = wrapper.Attribute("authid") == id,
        };

        int? Number(string name) => wrapper.Attribute(name) switch
        {
            null => null,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            var text => throw new XmppProtocolException(
                StreamErrorCondition.BadFormat,
                $"{endpoint} began a BOSH session with {name}='{PeerText.OneLine(text)}', which is no number (XEP-0124 §7.2)."),
        };
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
