using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Benchmarks.Load;

/// <summary>Messages made beforehand, one for each sender, in which only the number is written anew. The body begins with it,
/// so that its echo can be told.</summary>
internal sealed class MessageWriter
{
    private const int Digits = 10;

    private readonly byte[][] _messages;
    private readonly int[] _bodies;

    public MessageWriter(string recipient, int senders, int bodyBytes)
    {
        var number = new string('0', Digits);
        var padding = new string('x', Math.Max(0, bodyBytes - Digits - 1));
        _messages = [.. Enumerable.Range(0, senders).Select(i => Encoding.UTF8.GetBytes(
            $"<message from='sender{i}@example.test/load' to='{recipient}' type='chat' id='m{number}'>"
            + $"<body>{number} {padding}</body></message>"))];
        _bodies = [.. _messages.Select(message => message.AsSpan().IndexOf("<body>"u8) + "<body>"u8.Length)];
    }

    public void Write(int number, IBufferWriter<byte> output)
    {
        var sender = number % _messages.Length;
        var message = _messages[sender];
        var target = output.GetSpan(message.Length);
        message.CopyTo(target);
        var body = target[_bodies[sender]..];
        Utf8Formatter.TryFormat(number, body, out _, new StandardFormat('D', Digits));

        // The id: its digits end right before "'><body>".
        body[..Digits].CopyTo(target[(_bodies[sender] - "'><body>"u8.Length - Digits)..]);
        output.Advance(message.Length);
    }

    /// <summary>Which message this is the echo of; -1 for none.</summary>
    public static int NumberOf(ReadOnlySpan<byte> message)
    {
        var body = message.IndexOf("<body>"u8);
        return body >= 0 && Utf8Parser.TryParse(message[(body + "<body>"u8.Length)..], out int number, out _) ? number : -1;
    }
}
