using System.Globalization;
using System.Text;
using XmppChatClient.Session;
using XmppChatClient.Streams;
using XmppChatClient.Testing.Streams;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing;

/// <summary>What went over the server's connections last: <c>C:</c> from a client, <c>S:</c> from the server, <c>--</c> for
/// what happened besides. Credentials are redacted. May be read at any time, from any thread.</summary>
public sealed class Transcript
{
    // Enough to see what led to a failure, and not the whole of a long test.
    private const int LinesShown = 200;

    private readonly Lock _lock = new();
    private readonly Queue<Entry> _entries = new();
    private readonly int _length;
    private readonly TimeProvider _clock;
    private readonly long _start;

    internal Transcript(int length, TimeProvider clock)
    {
        _length = length;
        _clock = clock;
        _start = clock.GetTimestamp();
    }

    /// <summary>The lines, oldest first: how long after the server's start, which connection, its address once it has one,
    /// and what.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            Entry[] entries;
            lock (_lock)
            {
                entries = [.. _entries];
            }

            return [.. entries.Select(e => e.ToString())];
        }
    }

    /// <summary>Forgets what was written so far.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
        }
    }

    /// <summary>All lines.</summary>
    public override string ToString() => string.Join('\n', Lines);

    /// <summary>The last lines with a heading, for the message of a failure.</summary>
    internal string Tail()
    {
        var lines = Lines;
        return string.Join('\n', [
            lines.Count > LinesShown ? $"The last {LinesShown} lines of the transcript:" : "The transcript:",
            .. lines.TakeLast(LinesShown),
        ]);
    }

    internal void Received(ServerConnection connection, object what) => Add(connection, "C:", what);

    internal void ReceivedStart(ServerConnection connection, XmppElement header)
    {
        var text = new StringBuilder("<stream:stream");
        foreach (var attribute in header.Attributes)
        {
            text.Append(CultureInfo.InvariantCulture, $" {attribute.Name.LocalName}='{attribute.Value}'");
        }

        Add(connection, "C:", text.Append('>').ToString());
    }

    internal void Sent(ServerConnection connection, object what) => Add(connection, "S:", what);

    internal void Note(ServerConnection connection, string what) => Add(connection, "--", what);

    private void Add(ServerConnection connection, string mark, object what)
    {
        if (_length == 0)
        {
            return;
        }

        var entry = new Entry(_clock.GetElapsedTime(_start), connection.Number, connection.Session?.Jid, mark, what);
        lock (_lock)
        {
            while (_entries.Count >= _length)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue(entry);
        }
    }

    /// <summary>Written as text only when somebody reads it.</summary>
    private sealed record Entry(TimeSpan At, int Connection, Jid? Jid, string Mark, object What)
    {
        public override string ToString()
        {
            var what = What is IXmlWritable element ? Text(element) : (string)What;
            var who = Jid is null ? "" : $" {Jid}";
            return string.Create(
                CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.000} #{Connection}{who} {Mark} {what}");
        }

        private static string Text(IXmlWritable element) =>
            Redaction.Redact(XmppElement.From(element)).ToString()
                .Replace($" xmlns='{XmppNamespaces.Client}'", "", StringComparison.Ordinal)
                .Replace($" xmlns='{XmppNamespaces.Component}'", "", StringComparison.Ordinal);
    }
}
