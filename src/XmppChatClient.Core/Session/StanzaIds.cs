using System.Buffers.Text;
using System.Security.Cryptography;

namespace XmppChatClient.Session;

/// <summary>Ids that nobody can guess, as RFC 6120 §8.1.3 asks: 96 random bits each.</summary>
internal sealed class StanzaIds
{
    private const int IdBytes = 12;

    // The system's generator costs as much for many bytes as for few.
    private const int IdsAtOnce = 16;

    // Random bytes are good for any client, and of one thread they need no lock.
    [ThreadStatic]
    private static StanzaIds? _ids;

    private readonly byte[] _random = new byte[IdBytes * IdsAtOnce];
    private int _used = IdsAtOnce;

    public static string Next() => (_ids ??= new StanzaIds()).Make();

    private string Make()
    {
        if (_used == IdsAtOnce)
        {
            RandomNumberGenerator.Fill(_random);
            _used = 0;
        }

        var id = _random.AsSpan(IdBytes * _used++, IdBytes);
        var text = Base64Url.EncodeToString(id);

        // What was handed out is nobody's business any more.
        id.Clear();
        return text;
    }
}
