using System.Buffers;
using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Benchmarks.Load;

/// <summary>One connection of a bot: its login, then whatever phases it is put through. One loop reads, counts, fills the
/// window and writes; no stanza is parsed but those of the login and requests.</summary>
internal sealed class ServerConnection : IDisposable
{
    private const int SmallestBuffer = 4096;
    private const int LargestBuffer = 1 << 20;

    private readonly ServerIdentity _identity;
    private readonly ServerDialog _dialog;
    private Stream _stream;
    private BatchWriter _writer;
    private byte[] _buffer = new byte[SmallestBuffer];
    private int _length;
    private volatile PhaseRun? _run;
    private Action<IBufferWriter<byte>>? _fill;

    public ServerConnection(Socket socket, ServerIdentity identity, Link link, int number)
    {
        socket.NoDelay = true;
        _identity = identity;
        _dialog = new ServerDialog(link == Link.Tls, number);
        _stream = new NetworkStream(socket, ownsSocket: true);
        _writer = new BatchWriter(_stream);
    }

    public string Address => _dialog.Address;

    /// <summary>Serves the bot until it leaves.</summary>
    /// <param name="online">Called when it has sent its first presence.</param>
    public async Task ServeAsync(Action<ServerConnection> online)
    {
        while (await ReadAsync())
        {
            var now = Stopwatch.GetTimestamp();
            switch (TakeAll(now))
            {
                case ServerEvent.TlsStarts:
                    await StartTlsAsync();
                    break;
                case ServerEvent.Online:
                    await FlushAsync();
                    online(this);
                    break;
                case ServerEvent.StreamEnds:
                    await FlushAsync();
                    return;
            }

            if (_run is not null)
            {
                _writer.Add(_fill!);
            }

            var leaving = FlushAsync();
            if (leaving.IsFaulted)
            {
                await leaving;
            }
        }
    }

    /// <summary>Begins a phase. One at a time, and only once the bot is online.</summary>
    public void Begin(PhaseRun run)
    {
        _fill = run.Fill;
        _run = run;
        _writer.Add(_fill);
        _ = FlushAsync();
    }

    public void Dispose() => _stream.Dispose();

    private Task FlushAsync() => _writer.FlushAsync();

    private async ValueTask<bool> ReadAsync()
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, _length < LargestBuffer ? 2 * _length : throw new InvalidDataException("The bot's stanza is too long."));
        }

        var read = await _stream.ReadAsync(_buffer.AsMemory(_length));
        _length += read;
        return read > 0;
    }

    /// <summary>Takes what is whole, and keeps the rest. Nothing is taken behind what changes the stream.</summary>
    private ServerEvent TakeAll(long now)
    {
        var rest = _buffer.AsSpan(0, _length).TrimStart(" \t\r\n"u8);
        var happened = ServerEvent.None;
        int length;
        while (happened == ServerEvent.None && (length = StanzaSplitter.LengthOfFirst(rest)) > 0)
        {
            happened = Take(rest[..length], now);
            rest = rest[length..].TrimStart(" \t\r\n"u8);
        }

        _length = rest.Length;
        rest.CopyTo(_buffer);
        return happened;
    }

    private ServerEvent Take(ReadOnlySpan<byte> stanza, long now)
    {
        if (stanza.StartsWith("<message"u8))
        {
            _run?.Take(stanza, now);
            return ServerEvent.None;
        }

        var (answer, happened) = _dialog.Take(Encoding.UTF8.GetString(stanza));
        _writer.Add(output => output.Write(Encoding.UTF8.GetBytes(answer)));
        return happened;
    }

    private async Task StartTlsAsync()
    {
        await FlushAsync();
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _identity.Certificate });
        _stream = tls;
        _writer = new BatchWriter(tls);
    }
}
