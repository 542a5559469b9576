using System.Collections.Concurrent;
using XmppChatClient;

namespace SampleBot;

/// <summary>What the bot remembers of its users.</summary>
internal sealed class Memory
{
    private readonly ConcurrentDictionary<Jid, string> _notes = new();
    private readonly ConcurrentDictionary<Jid, bool> _present = new();

    /// <summary>Who is there.</summary>
    public string Present => string.Join(", ", _present.Keys.Select(j => j.ToString()).Order(StringComparer.Ordinal));

    public string Add(Jid user, string note)
    {
        _notes.AddOrUpdate(user, note, (_, before) => $"{before}, {note}");
        return "Noted.";
    }

    public string Of(Jid user) => _notes.GetValueOrDefault(user, "Nothing.");

    /// <returns>Whether the user has just come.</returns>
    public bool See(Jid user, bool isPresent) =>
        isPresent ? _present.TryAdd(user, true) : _present.TryRemove(user, out _) && false;
}
