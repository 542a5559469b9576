using System.Collections.Immutable;

namespace XmppChatClient.Archive;

/// <summary>A page that is being received. The read loop adds to it until its request has ended; then it is nobody's but the
/// asker's.</summary>
internal sealed class RunningQuery(ArchiveQuery query, Jid? archive)
{
    private readonly List<ArchiveResult> _results = [];

    /// <summary>Whose archive was asked; <see langword="null"/> for our own account's.</summary>
    public Jid? Archive => archive;

    private bool IsOverfull { get; set; }

    public void Add(ArchiveResult result)
    {
        if (_results.Count == query.PageSize)
        {
            IsOverfull = true;
        }
        else
        {
            _results.Add(result);
        }
    }

    /// <exception cref="XmppException">There were more results than were asked for.</exception>
    public ArchivePage Finish(ArchiveFin fin)
    {
        if (IsOverfull)
        {
            throw new XmppException(
                $"The archive of {(object?)archive ?? "our account"} sent more than the {query.PageSize} messages asked for.");
        }

        var messages = ImmutableArray.CreateBuilder<ArchivedMessage>(_results.Count);
        foreach (var result in _results)
        {
            // A room's archive has the room's messages; it cannot tell what anybody else has said.
            if (result.Forwarded is { } forwarded && (archive is null || forwarded.Message.From?.Bare == archive)
                && !IsBefore(forwarded.Delay?.Stamp))
            {
                messages.Add(new ArchivedMessage(result.Id, forwarded.Message, forwarded.Delay?.Stamp));
            }
        }

        if (query.NewestFirst)
        {
            messages.Reverse();
        }

        return new ArchivePage(messages.DrainToImmutable())
        {
            Next = query.NewestFirst
                ? fin.Page.First ?? (_results is [var first, ..] ? first.Id : null)
                : fin.Page.Last ?? (_results is [.., var last] ? last.Id : null),
            IsComplete = fin.IsComplete,
            IsStable = fin.IsStable,
            Count = fin.Page.Count,
        };
    }

    // Prosody 13.0 gives the last message where none is so late. Stamps may be whole seconds.
    private bool IsBefore(DateTimeOffset? stamp) => stamp < query.Start - TimeSpan.FromSeconds(1);
}
