using System.Text;
using XmppChatClient.Interop.Tests.Servers;
using Xunit.Sdk;

namespace XmppChatClient.Interop.Tests.Texts;

/// <summary>Sends texts from one account of a real server to another, many under way at once, and compares
/// what became of them.</summary>
internal sealed class TextCourier(XmppServer server) : IAsyncDisposable
{
    private XmppClient? _romeo;
    private XmppClient? _juliet;

    /// <summary>What a body is when it has passed through XML that was written without a reference for the carriage return,
    /// as both servers write it: XML 1.0 §2.11 reads any line end as a line feed.</summary>
    public static string Relayed(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>Where the first character is that XML cannot carry (XML 1.0 §2.2, put down anew: the product's own table is
    /// what is tested).</summary>
    public static int? FirstForbidden(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                if (rune.Value is < 0x20 and not (0x9 or 0xA or 0xD) or 0xFFFE or 0xFFFF)
                {
                    return i;
                }

                i += rune.Utf16SequenceLength - 1;
            }
            else
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>Sends each text, and compares what arrives with what <see cref="Relayed"/> says.</summary>
    /// <exception cref="XunitException">Something was changed, lost, wrongly refused or wrongly sent.</exception>
    public async Task CarryAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAsync(cancellationToken);
            var sending = SendAsync(texts, cancellationToken);
            foreach (var text in texts.Where(t => FirstForbidden(t) is null))
            {
                var received = await _juliet!.NextAsync<MessageReceived>(_ => true, cancellationToken);
                if (received.Message.Body != Relayed(text))
                {
                    throw new XunitException($"sent {Visible(text)}\ncame {Visible(received.Message.Body)}");
                }
            }

            await sending;
        }
        catch
        {
            // Nothing can be said of the next texts over this session.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in new[] { _romeo, _juliet }.OfType<XmppClient>())
        {
            await client.DisposeAsync();
        }

        (_romeo, _juliet) = (null, null);
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _romeo ??= await Accounts.LoginNewAsync(server, "romeo", cancellationToken, o => o.Reconnect.Enabled = false);
        _juliet ??= await Accounts.LoginNewAsync(server, "juliet", cancellationToken, o => o.Reconnect.Enabled = false);
    }

    private async Task SendAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        foreach (var text in texts)
        {
            string? refusal = null;
            try
            {
                await _romeo!.SendAsync(_juliet!.Jid, text, cancellationToken);
            }
            catch (ArgumentException e)
            {
                refusal = e.Message;
            }

            var reason = FirstForbidden(text) is { } at ? $"U+{(int)text[at]:X4} at index {at}," : null;
            if (reason is null ? refusal is not null : refusal?.Contains(reason, StringComparison.Ordinal) != true)
            {
                throw new XunitException(
                    $"sent {Visible(text)}\n{(refusal is null ? "was not refused" : $"was refused: {refusal}")}");
            }
        }
    }

    private static string Visible(string? text)
    {
        var escaped = string.Concat((text ?? "nothing").Select(c => c is >= ' ' and <= '~' ? $"{c}" : $"\\u{(int)c:X4}"));
        return escaped.Length <= 2_000 ? escaped : $"{escaped[..2_000]}… ({text!.Length} UTF-16 units)";
    }
}
