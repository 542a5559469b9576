using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using XmppChatClient.Xml;

namespace XmppChatClient.Contracts;

/// <summary>A component of nothing but text.</summary>
internal sealed class RawComponent(Stream stream)
{
    /// <summary>Shakes hands, and says that.</summary>
    /// <returns>The condition of the stream error that ends it.</returns>
    public static async Task<string> ForgeAsync(XmppComponentOptions options, string stanza)
    {
        var address = new IPEndPoint(IPAddress.Loopback, options.Port);
        await using var stream = options.Dialer is { } dialer
            ? await dialer.DialAsync(address, TestContext.Current.CancellationToken) : await DialAsync(address);
        var component = new RawComponent(stream);
        await component.ShakeHandsAsync(options.Domain!, options.Secret!);
        await component.SendAsync(stanza);
        var rest = await component.ReadAsync("</stream:stream>");
        var error = rest[rest.IndexOf("<stream:error", StringComparison.Ordinal)..rest.IndexOf("</stream:stream>", StringComparison.Ordinal)];
        return XmppElement.Parse(error.Replace("stream:error", "error", StringComparison.Ordinal)).Elements.ToArray()[0].Name.LocalName;
    }

    private static async Task<Stream> DialAsync(IPEndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    [SuppressMessage("Security", "CA5350", Justification = "XEP-0114 §3 has nothing else.")]
    private async Task ShakeHandsAsync(string domain, string secret)
    {
        await SendAsync($"<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='{domain}'>");
        var header = await ReadAsync(" id=");
        var at = header.IndexOf(" id=", StringComparison.Ordinal) + 4;
        var id = header[(at + 1)..header.IndexOf(header[at], at + 1)];
        await SendAsync($"<handshake>{Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(id + secret)))}</handshake>");
        await ReadAsync("<handshake");
    }

    private async Task SendAsync(string text) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    // Up to a whole tag behind that.
    private async Task<string> ReadAsync(string until)
    {
        var text = "";
        var buffer = new byte[4096];
        while (!text.Contains(until, StringComparison.Ordinal) || !text.EndsWith('>'))
        {
            var count = await stream.ReadAsync(buffer).AsTask().WaitAsync(Hang.Limit, TestContext.Current.CancellationToken);
            Assert.True(count > 0, $"The server hung up; it said {text}");
            text += Encoding.UTF8.GetString(buffer, 0, count);
        }

        return text;
    }
}
