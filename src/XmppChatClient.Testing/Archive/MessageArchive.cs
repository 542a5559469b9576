using System.Security.Cryptography;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Archive;

/// <summary>The messages of one account or room, the oldest first. Under the gate.</summary>
/// <param name="capacity">How many; then the oldest go.</param>
internal sealed class MessageArchive(int capacity)
{
    private readonly List<ArchivedMessage> _messages = [];

    public ArchivedMessage? First => _messages.Count > 0 ? _messages[0] : null;

    public ArchivedMessage? Last => _messages.Count > 0 ? _messages[^1] : null;

    /// <returns>The id that it gets, which nobody can guess.</returns>
    public string Add(DateTimeOffset at, Jid peer, XmppElement message)
    {
        if (_messages.Count == capacity)
        {
            _messages.RemoveAt(0);
        }

        var archived = new ArchivedMessage(RandomNumberGenerator.GetHexString(24, lowercase: true), at, peer, message);
        _messages.Add(archived);
        return archived.Id;
    }

    /// <returns>Null when the query names a message that is not here.</returns>
    public ArchivePage? Find(ArchiveQuery query)
    {
        if (query.Ids?.Any(id => IndexOf(id) < 0) == true
            || !TryRange(query.AfterId, query.BeforeId, out var whole)
            || !TryRange(query.PageAfter, query.PageBefore is "" ? null : query.PageBefore, out var page))
        {
            return null;
        }

        var count = 0;
        var fitting = new List<ArchivedMessage>();
        for (var i = whole.First; i < whole.End; i++)
        {
            if (Fits(_messages[i], query))
            {
                count++;
                if (i >= page.First && i < page.End)
                {
                    fitting.Add(_messages[i]);
                }
            }
        }

        var taken = query.PageBefore is null ? fitting.Take(query.Max) : fitting.TakeLast(query.Max);
        return new ArchivePage([.. taken], count, fitting.Count <= query.Max);
    }

    private static bool Fits(ArchivedMessage message, ArchiveQuery query) =>
        (query.With is not { } with || message.Peer == with || message.Peer.Bare == with)
        && !(message.At < query.Start) && !(message.At > query.End)
        && query.Ids?.Contains(message.Id) != false;

    private int IndexOf(string id) => _messages.FindIndex(m => m.Id == id);

    /// <summary>The indexes between two messages, from the first to the one behind the last.</summary>
    private bool TryRange(string? after, string? before, out (int First, int End) range)
    {
        range = (after is null ? 0 : IndexOf(after) + 1, before is null ? _messages.Count : IndexOf(before));
        return range.End >= 0 && (after is null || range.First > 0);
    }
}
