using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Benchmarks.Load;

/// <summary>The least that a bot on this platform can do: a login by rote, then a search for bodies in what comes and one
/// write for all the echoes of a read. It knows no XML and checks nothing; nobody's client can cost less.</summary>
internal sealed class Floor
{
    public const string Usage = """
        floor HOST PORT JID PASSWORD CAFILE|-
            The same contract by an echo that knows no XMPP: one thread, a read, a write.
        """;

    private const string Header = "<stream:stream to='example.test' version='1.0' xmlns='jabber:client' "
        + "xmlns:stream='http://etherx.jabber.org/streams'>";

    private readonly byte[] _input = new byte[1 << 20];
    private readonly byte[] _output = new byte[1 << 20];
    private Stream _stream;

    private Floor(Stream stream) => _stream = stream;

    public static int Run(string[] args)
    {
        if (args is not [var host, var port, var jid, var password, var roots] || jid.Split('@', '/') is not [var user, var domain, ..])
        {
            Console.Error.WriteLine("usage: " + Usage);
            return 2;
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(host, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        var floor = new Floor(new NetworkStream(socket, ownsSocket: true));
        floor.Login(user, domain, password, roots);
        Console.WriteLine("READY");
        floor.Echo();
        return 0;
    }

    private void Login(string user, string domain, string password, string roots)
    {
        var header = Header.Replace("example.test", domain, StringComparison.Ordinal);
        Say(header, "</stream:features>");
        if (roots != "-")
        {
            Say("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<proceed");
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.ImportFromPemFile(roots);
            var tls = new SslStream(_stream);
            tls.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = domain, CertificateChainPolicy = trust });
            _stream = tls;
            Say(header, "</stream:features>");
        }

        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
        Say($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>", "<success");
        Say(header, "</stream:features>");
        Say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>");
        _stream.Write("<presence/>"u8);
    }

    /// <summary>Sends and waits for an answer that has something in it.</summary>
    private void Say(string text, string until)
    {
        _stream.Write(Encoding.UTF8.GetBytes(text));
        var (length, end) = (0, Encoding.UTF8.GetBytes(until));
        do
        {
            var read = _stream.Read(_input, length, _input.Length - length);
            length += read > 0 ? read : throw new EndOfStreamException($"The server left before it said {until}.");
        }
        while (_input.AsSpan(0, length).IndexOf(end) < 0);
    }

    private void Echo()
    {
        var length = 0;
        int read;
        while ((read = _stream.Read(_input, length, _input.Length - length)) > 0)
        {
            length += read;
            var rest = _input.AsSpan(0, length);
            var written = 0;
            int end;
            while ((end = rest.IndexOf("</message>"u8)) >= 0)
            {
                written += EchoOf(rest[..end], _output.AsSpan(written));
                rest = rest[(end + "</message>"u8.Length)..];
            }

            _stream.Write(_output, 0, written);
            length = rest.Length;
            rest.CopyTo(_input);
        }
    }

    private static int EchoOf(ReadOnlySpan<byte> message, Span<byte> output)
    {
        var from = message[(message.IndexOf("from='"u8) + "from='"u8.Length)..];
        var body = message[message.IndexOf("<body>"u8)..];
        var written = 0;
        Append("<message type='chat' to='"u8, output, ref written);
        Append(from[..from.IndexOf((byte)'\'')], output, ref written);
        Append("'>"u8, output, ref written);
        Append(body[..(body.IndexOf("</body>"u8) + "</body>"u8.Length)], output, ref written);
        Append("</message>"u8, output, ref written);
        return written;
    }

    private static void Append(ReadOnlySpan<byte> piece, Span<byte> output, ref int written)
    {
        piece.CopyTo(output[written..]);
        written += piece.Length;
    }
}
