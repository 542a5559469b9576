using XmppChatClient.Streams;
using XmppChatClient.Transports;

namespace XmppChatClient.Session;

/// <summary>Which host the next connection tries first: where the server sends us (RFC 6120 §4.9.3.19, RFC 7395 §3.4), or where
/// it wants the session to be resumed (XEP-0198 §3).</summary>
internal sealed class NextHost(TlsMode tls)
{
    // RFC 6120 §4.9.3.19: at least 2, and no more than 5.
    private const int MostInARow = 3;

    private int _followed;

    /// <summary><see langword="null"/> for no wish.</summary>
    public ServerHost? Preferred { get; private set; }

    /// <summary>The server sends us elsewhere.</summary>
    /// <param name="error">Where to, as it says.</param>
    /// <param name="isEncrypted">Whether nobody on the way can have said so in its place.</param>
    /// <returns>Why that is not followed; <see langword="null"/> when it is.</returns>
    public string? Follow(StreamError error, bool isEncrypted)
    {
        // Where TLS is required its certificate has been checked by now.
        if (!isEncrypted && tls != TlsMode.Disabled)
        {
            return "it was said before TLS was on, so that anybody may have said it";
        }

        if ((error.OtherEndpoint is { } uri ? ServerHost.At(uri) : ServerHost.Read(error.OtherHost)) is not { } other)
        {
            return "it names no host";
        }

        // RFC 7395 §3.4
        if (other.Endpoint is { Scheme: not ("wss" or "https") } && (isEncrypted || tls != TlsMode.Disabled))
        {
            return "it is less secure there";
        }

        if (_followed == MostInARow)
        {
            return $"it is one more than {MostInARow} in a row";
        }

        _followed++;
        Preferred = other;
        return null;
    }

    /// <summary>The server would like to see us there.</summary>
    public void Prefer(string? host) => Preferred = ServerHost.Read(host);

    /// <summary>A connection was made. Should nothing come of it, the next is made as any other.</summary>
    public void Connected() => Preferred = null;

    /// <summary>What comes now is no longer in a row with what was.</summary>
    public void Rested() => _followed = 0;
}
