using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace XmppChatClient.Core.Tests.Dns;

/// <summary>A name server on loopback, over UDP and TCP. What it answers is what a function makes of a question.</summary>
internal sealed class DnsEnd : IAsyncDisposable
{
    public const ushort Srv = 33;
    public const ushort Soa = 6;

    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<byte[], bool, byte[]?> _answer;
    private readonly Task _serving;

    /// <param name="answer">Makes an answer to a question, of which the second argument says whether it came over TCP;
    /// <see langword="null"/> is none.</param>
    public DnsEnd(Func<byte[], bool, byte[]?> answer)
    {
        _answer = answer;
        (_udp, _tcp) = Bind();
        _serving = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public IPEndPoint Address => (IPEndPoint)_udp.Client.LocalEndPoint!;

    /// <summary>A message that answers a question.</summary>
    /// <param name="code">0 for no error, 3 for no such name.</param>
    public static byte[] Message(
        byte[] question, int code, IReadOnlyList<byte[]> answers, IReadOnlyList<byte[]>? authorities = null, bool isTruncated = false)
    {
        var end = 12;
        while (question[end] != 0)
        {
            end += question[end] + 1;
        }

        var message = new List<byte>(question[..2])
        {
            (byte)(isTruncated ? 0x83 : 0x81),
            (byte)(0x80 | code),
        };
        foreach (var count in (int[])[1, answers.Count, authorities?.Count ?? 0, 0])
        {
            message.AddRange(Number(count));
        }

        message.AddRange(question[12..(end + 5)]);
        foreach (var record in answers.Concat(authorities ?? []))
        {
            message.AddRange(record);
        }

        return [.. message];
    }

    /// <summary>A record of the name that was asked for.</summary>
    public static byte[] Record(ushort type, int timeToLive, params byte[] data)
    {
        var ttl = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(ttl, timeToLive);
        return [0xC0, 12, .. Number(type), 0, 1, .. ttl, .. Number(data.Length), .. data];
    }

    public static byte[] Service(int timeToLive, int priority, int weight, int port, string target) =>
        Record(Srv, timeToLive, [.. Number(priority), .. Number(weight), .. Number(port), .. Name(target)]);

    /// <summary>The record that says how long there is no such name.</summary>
    public static byte[] Zone(int timeToLive, int minimum) =>
        Record(Soa, timeToLive, [.. Name("a."), .. Name("b."), .. new byte[18], .. Number(minimum)]);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static (UdpClient Udp, TcpListener Tcp) Bind()
    {
        while (true)
        {
            var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            try
            {
                return (new UdpClient((IPEndPoint)tcp.LocalEndpoint), tcp);
            }
            catch (SocketException)
            {
                tcp.Dispose();
            }
        }
    }

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Name(string name) =>
        name == "." ? [0] : [.. name.Split('.').SelectMany(l => (byte[])[(byte)l.Length, .. Encoding.ASCII.GetBytes(l)])];

    private async Task ServeUdpAsync()
    {
        while (true)
        {
            var question = await _udp.ReceiveAsync(_stop.Token);
            if (_answer(question.Buffer, false) is { } answer)
            {
                await _udp.SendAsync(answer, question.RemoteEndPoint, _stop.Token);
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (true)
        {
            using var connection = await _tcp.AcceptTcpClientAsync(_stop.Token);
            var stream = connection.GetStream();
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, _stop.Token);
            var question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(question, _stop.Token);
            if (_answer(question, true) is { } answer)
            {
                await stream.WriteAsync((byte[])[.. Number(answer.Length), .. answer], _stop.Token);
            }
        }
    }
}
