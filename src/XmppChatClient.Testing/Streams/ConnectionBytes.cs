using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using XmppChatClient.Testing.Certificates;

namespace XmppChatClient.Testing.Streams;

/// <summary>The bytes of a connection: in the clear or under TLS, and how they end.</summary>
internal sealed class ConnectionBytes(Wire wire, Stream stream, int capacity)
{
    private readonly OutboundQueue _output = new(stream, capacity, _ => stream.Dispose());
    private readonly Stream _wrapped = stream;
    private Stream _stream = stream;

    public bool IsEncrypted => _stream is SslStream;

    /// <summary>What <c>tls-server-end-point</c> binds to (RFC 5929 §4.1); empty without TLS.</summary>
    public byte[] ServerEndPoint { get; private set; } = [];

    /// <summary>Reads from here on. Without bytes to wait into, so that an idle connection holds no buffer.</summary>
    public PipeReader Input() =>
        PipeReader.Create(_stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));

    /// <summary>Queues an element, or text that is written as it is.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(object item) => _output.TryAdd(item);

    /// <summary>Goes on under TLS. Nothing may be sent meanwhile.</summary>
    public async Task SecureAsync(ServerCertificates certificates, X509Certificate2 certificate, ConnectionKind kind)
    {
        await _output.DrainAsync().ConfigureAwait(false);
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false);
        await tls.AuthenticateAsServerAsync(certificates.OptionsFor(certificate, kind)).ConfigureAwait(false);
        _stream = tls;
        _output.SwitchTo(tls);
        ServerEndPoint = SHA256.HashData(certificate.RawDataMemory.Span);
    }

    /// <summary>Ends what the peer reads, once all that was queued is written; reading goes on.</summary>
    /// <param name="sayGoodbye">Whether TLS is closed too; without it the connection looks cut.</param>
    public async Task CloseOutputAsync(bool sayGoodbye = true)
    {
        _output.Complete();
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await _output.DrainAsync().ConfigureAwait(false);
            if (sayGoodbye && _stream is SslStream tls)
            {
                await tls.ShutdownAsync().ConfigureAwait(false);
            }

            wire.CloseOutput();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or AuthenticationException)
        {
            Abort();
        }
    }

    /// <summary>Reads on without listening until the peer closes, so that it gets our last words and no reset.</summary>
    public async Task DiscardAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (await _stream.ReadAsync(buffer).ConfigureAwait(false) > 0)
            {
            }

            await _output.DrainAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or CryptographicException)
        {
            // It is over, whichever way.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Ends everything that reads or writes.</summary>
    public void Abort()
    {
        _output.Complete();
        _wrapped.Dispose();
    }

    /// <summary>Cuts it, and lets go of what it holds.</summary>
    public ValueTask EndAsync()
    {
        Abort();
        return _stream.DisposeAsync();
    }
}
