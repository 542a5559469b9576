using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Tests;

/// <summary>A client of nothing but XML: sends text and reads one thing after the other.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    public const string StreamNamespace = "http://etherx.jabber.org/streams";
    public const string Header =
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>";

    private Stream _stream;
    private PipeReader _input;
    private XmlStreamReader _reader = new();

    private RawClient(Stream stream)
    {
        _stream = stream;
        _input = Input(stream);
    }

    public static RawClient Connect(XmppTestServer server, ConnectionKind kind = ConnectionKind.StartTls) =>
        new(server.Engine.Connect(kind));

    /// <summary>Is logged in from the start.</summary>
    public static RawClient Connect(XmppTestServer server, TestAccount account) =>
        new(server.Engine.Connect(ConnectionKind.LoggedIn, server.Engine.Accounts.Find(account.Jid)));

    /// <summary>Opens a stream, and takes the server's header and features.</summary>
    public static async Task<RawClient> OpenAsync(XmppTestServer server)
    {
        var client = Connect(server);
        await client.RestartAsync();
        return client;
    }

    public async Task SendAsync(string text) => await SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes).AsTask().WaitAsync(Hang.Limit);

    /// <summary>Opens the stream anew, and takes the server's header.</summary>
    /// <returns>The features.</returns>
    public async Task<XmppElement> RestartAsync()
    {
        _reader = new XmlStreamReader();
        await SendAsync(Header);
        Assert.Equal("stream", (await NextAsync())!.Name.LocalName);
        return (await NextAsync())!;
    }

    /// <summary>Does STARTTLS, and opens the stream anew.</summary>
    /// <returns>The features.</returns>
    public async Task<XmppElement> SecureAsync(XmppTestServer server)
    {
        await SendAsync("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        Assert.Equal("proceed", (await NextAsync())!.Name.LocalName);
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { server.TrustedRoot },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        }).WaitAsync(Hang.Limit);
        _stream = tls;
        _input = Input(tls);
        return await RestartAsync();
    }

    /// <summary>The next element, the stream's opening tag among them; null at the stream's closing tag.</summary>
    /// <exception cref="EndOfStreamException">The connection has ended without one.</exception>
    public async Task<XmppElement?> NextAsync()
    {
        while (true)
        {
            var result = await _input.ReadAsync().AsTask().WaitAsync(Hang.Limit);
            var buffer = result.Buffer;
            var item = _reader.TryRead(ref buffer);
            _input.AdvanceTo(buffer.Start, item == XmlStreamItem.NeedMoreData ? buffer.End : buffer.Start);
            if (item != XmlStreamItem.NeedMoreData)
            {
                return item == XmlStreamItem.StreamEnd ? null : _reader.Element;
            }

            if (result.IsCompleted)
            {
                throw new EndOfStreamException();
            }
        }
    }

    /// <summary>The condition of the stream error that comes next, or later, with the stream's end behind it.</summary>
    public async Task<string> ErrorAsync()
    {
        while (true)
        {
            var next = await NextAsync() ?? throw new EndOfStreamException();
            if (next.Name == new XmlName(StreamNamespace, "error"))
            {
                Assert.Null(await NextAsync());
                return next.Elements.ToArray()[0].Name.LocalName;
            }
        }
    }

    /// <summary>Whether the server has cut or closed the connection; reads up to there.</summary>
    public async Task<bool> IsCutAsync()
    {
        try
        {
            while (!(await _input.ReadAsync().AsTask().WaitAsync(Hang.Limit) is var result && result.IsCompleted))
            {
                _input.AdvanceTo(result.Buffer.End);
            }
        }
        catch (IOException)
        {
            // That is an end too.
        }

        return true;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static PipeReader Input(Stream stream) => PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
}
