using System.Globalization;
using System.Security;
using System.Text;

namespace XmppChatClient.Transports.Bosh;

/// <summary>Writes the wrappers of one session's requests, whose numbers and keys follow each other.</summary>
/// <remarks>Prefixes are those of the specifications' examples: ejabberd takes no other.</remarks>
internal sealed class BoshWriter(BoshKeys? keys)
{
    private const string Start = $"<body xmlns='{BoshNames.Namespace}'";
    private const string XmppStart = $"{Start} xmlns:xmpp='{BoshNames.XmppNamespace}' xml:lang='en'";

    private static readonly byte[] End = [.. "</body>"u8];

    private string _id = "";

    /// <summary>The number of the next request.</summary>
    /// <remarks>XEP-0124 §14.1: nobody can guess the first, and the last is far below 2⁵³.</remarks>
    public long Next { get; private set; } = FirstNumber();

    /// <summary>The session has begun.</summary>
    public void Enter(string id) => _id = SecurityElement.Escape(id);

    /// <summary>What begins a session (XEP-0124 §7.1, XEP-0206 §4).</summary>
    /// <param name="from">Who we are, where nobody on the way can read it: Prosody gives tokens (XEP-0484 §4.1) to nobody else.</param>
    public byte[] Create(string domain, string? from, TimeSpan wait)
    {
        var sender = from is null ? "" : $" from='{SecurityElement.Escape(from)}'";
        var key = keys is null ? "" : $" newkey='{keys.First}'";
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{XmppStart} rid='{Next++}' to='{SecurityElement.Escape(domain)}'{sender} ver='1.11' wait='{wait.TotalSeconds:0}' hold='1' ack='1'{key} xmpp:version='1.0'/>"));
    }

    /// <summary>What begins a new stream in the session (XEP-0206 §6).</summary>
    public byte[] Restart(string to, string? from, long? acknowledged)
    {
        var sender = from is null ? "" : $" from='{SecurityElement.Escape(from)}'";
        return Encoding.UTF8.GetBytes(
            $"{XmppStart}{Common(acknowledged)} to='{SecurityElement.Escape(to)}'{sender} xmpp:restart='true'/>");
    }

    /// <summary>What ends the session (XEP-0124 §13).</summary>
    /// <param name="elements">What is said last; empty for nothing.</param>
    public byte[] Terminate(string elements, long? acknowledged) =>
        Encoding.UTF8.GetBytes($"{Start}{Common(acknowledged)} type='terminate'>{elements}</body>");

    /// <summary>What carries elements, or nothing.</summary>
    /// <param name="acknowledged">Up to which request all have been answered, where the newest has not (XEP-0124 §9.2).</param>
    public byte[] Wrap(ReadOnlySpan<byte> elements, long? acknowledged)
    {
        var start = Encoding.UTF8.GetBytes($"{Start}{Common(acknowledged)}{(elements.IsEmpty ? "/>" : ">")}");
        return elements.IsEmpty ? start : [.. start, .. elements, .. End];
    }

    private string Common(long? acknowledged)
    {
        var ack = acknowledged is { } number ? string.Create(CultureInfo.InvariantCulture, $" ack='{number}'") : "";
        var (key, newKey) = keys?.Next() ?? ("", null);
        return string.Create(
            CultureInfo.InvariantCulture,
            $" rid='{Next++}' sid='{_id}'{ack}{(keys is null ? "" : $" key='{key}'")}{(newKey is null ? "" : $" newkey='{newKey}'")}");
    }

    private static long FirstNumber()
    {
        Span<byte> random = stackalloc byte[8];
        System.Security.Cryptography.RandomNumberGenerator.Fill(random);
        return (long)(BitConverter.ToUInt64(random) >> 12) + 1;
    }
}
