using System.Runtime.InteropServices;
using System.Text;
using XmppChatClient.Precis;

namespace XmppChatClient.Fuzz;

/// <summary>An address as a peer or a user may write it.</summary>
internal static class JidTarget
{
    /// <summary>Takes UTF-8; after a byte FF, which that does not have, UTF-16, so that half characters come too.</summary>
    public static void Check(byte[] bytes) => Check(bytes is [0xFF, .. var rest]
        ? MemoryMarshal.Cast<byte, char>(rest).ToString()
        : Encoding.UTF8.GetString(bytes));

    public static void Check(string text)
    {
        if (!Jid.TryParse(text, out var jid))
        {
            return;
        }

        var again = Jid.Parse(jid.ToString());
        FuzzFailureException.ThrowUnlessSame(jid, again, "Printed and parsed");
        FuzzFailureException.ThrowUnlessSame(jid.GetHashCode(), again.GetHashCode(), "Its hash");
        FuzzFailureException.ThrowUnlessSame(0, jid.CompareTo(again), "Its order");
        FuzzFailureException.ThrowUnlessSame(jid, new Jid(jid.Local, jid.Domain, jid.Resource), "Taken apart and put together");
        FuzzFailureException.ThrowUnlessSame(jid.Bare, new Jid(jid.Local, jid.Domain, null), "The bare address");
        if (jid.Resource is { } resource)
        {
            FuzzFailureException.ThrowUnlessSame(jid, jid.Bare.WithResource(resource), "With its resource");
        }

        foreach (var part in (string?[])[jid.Local, jid.Domain, jid.Resource])
        {
            if (part is not null && Encoding.UTF8.GetByteCount(part) is 0 or > 1023)
            {
                throw new FuzzFailureException($"A part has {Encoding.UTF8.GetByteCount(part)} bytes: {part}");
            }
        }

        CheckDomain(jid.Domain);
    }

    private static void CheckDomain(string domain)
    {
        var ascii = Idna.ToAscii(domain);
        if (!Ascii.IsValid(ascii) || (ascii.Length > 253 && !ascii.StartsWith('[')))
        {
            throw new FuzzFailureException($"{domain} became {ascii}.");
        }

        FuzzFailureException.ThrowIf(Idna.TryToUnicode(ascii, out var unicode, out var error) ? null : $"{ascii} {error}.");
        FuzzFailureException.ThrowUnlessSame(domain, unicode, "The domain in ASCII and back");
    }
}
