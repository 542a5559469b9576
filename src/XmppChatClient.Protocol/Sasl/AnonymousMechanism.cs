using System.Globalization;

namespace XmppChatClient.Sasl;

/// <summary>ANONYMOUS (RFC 4505): a session without an account.</summary>
public sealed class AnonymousMechanism : ISaslMechanism
{
    private const int LongestTrace = 255;

    private readonly OneMessageExchange _exchange = new("ANONYMOUS");
    private readonly string _trace;

    /// <exception cref="ArgumentException">The trace is longer than 255 characters or has some SASL does not
    /// allow.</exception>
    public AnonymousMechanism(string? trace = null)
    {
        _trace = trace ?? "";
        SaslText.RequireClean(_trace, nameof(trace), "The trace");
        // RFC 4505 §2 counts characters of UTF-8, and an emoji is two of the platform's.
        if (_trace.EnumerateRunes().Count() > LongestTrace)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The trace is longer than {LongestTrace} characters."), nameof(trace));
        }
    }

    public string Name => "ANONYMOUS";

    public ReadOnlyMemory<byte>? Start()
    {
        _exchange.Start();
        return SaslText.StrictUtf8.GetBytes(_trace);
    }

    public ReadOnlyMemory<byte> Respond(ReadOnlySpan<byte> challenge) => _exchange.Respond();

    public void Complete(ReadOnlySpan<byte> additionalData) => _exchange.Complete(additionalData);
}
