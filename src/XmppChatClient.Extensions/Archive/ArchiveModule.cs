using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using XmppChatClient.Modules;
using XmppChatClient.Stanzas;
using XmppChatClient.Xml;

namespace XmppChatClient.Archive;

/// <summary>Message archives (XEP-0313 v1.1.3) of our account and of rooms: reads them, page by page. Results that were not
/// asked for, or come from somebody else, are dropped.</summary>
public sealed partial class ArchiveModule : IXmppModule
{
    private readonly Lock _gate = new();

    // By query id; only while there are any.
    private Dictionary<string, RunningQuery>? _running;
    private XmppClient? _client;
    private ILogger? _logger;

    private XmppClient Client => _client ?? throw new InvalidOperationException("This module belongs to no client yet.");

    public void Register(ModuleBuilder module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _client = module.Client;
        _logger = module.Client.LoggerFactory.CreateLogger("XmppChatClient.Archive");
        module.OnMessage(TakeResult);
    }

    /// <summary>Reads all that a query finds, in order, each page when the one before it has been taken. It asks once where
    /// nothing is found; stop reading and nothing more is asked. What is archived meanwhile is found too, unless it is read
    /// backwards.</summary>
    /// <exception cref="ArchiveIdGoneException">There is no message of the id to begin behind.</exception>
    /// <exception cref="XmppStanzaException">There is no such archive, or it is not for us to read.</exception>
    /// <exception cref="XmppTimeoutException">A page did not come whole within <see cref="TimeoutOptions.Request"/>.</exception>
    /// <exception cref="XmppException">The session ended, or the archive does not do as it must.</exception>
    public async IAsyncEnumerable<ArchivedMessage> ReadAsync(
        ArchiveQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var page in ReadPagesAsync(query, cancellationToken).ConfigureAwait(false))
        {
            foreach (var message in page.Messages)
            {
                yield return message;
            }
        }
    }

    /// <summary>Reads one page of what a query finds.</summary>
    /// <exception cref="ArchiveIdGoneException">There is no message of the id to begin behind.</exception>
    /// <exception cref="XmppStanzaException">There is no such archive, or it is not for us to read.</exception>
    /// <exception cref="XmppTimeoutException">It did not come whole within <see cref="TimeoutOptions.Request"/>.</exception>
    /// <exception cref="XmppException">The session ended, or the archive does not do as it must.</exception>
    public async Task<ArchivePage> ReadPageAsync(ArchiveQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var archive = ForeignArchive(query.Archive);

        // Nobody can guess it, and none is used twice: what comes late for a page that was given up is not of the next one.
        var id = RandomNumberGenerator.GetHexString(24, lowercase: true);
        var running = Begin(id, query, archive);
        Iq answer;
        try
        {
            answer = await Client.RequestAsync(
                new Iq(IqType.Set, new ArchiveRequest(id, query)) { To = archive }, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
        }
        catch (XmppStanzaException e)
            when (query.Position is { } position && e.Error.Condition == StanzaErrorCondition.ItemNotFound)
        {
            throw new ArchiveIdGoneException(position, e);
        }
        finally
        {
            End(id);
        }

        return running.Finish(answer.Get<ArchiveFin>() ?? throw new XmppException("The archive did not say where its page ends."));
    }

    /// <summary>Asks from where to where an archive reaches.</summary>
    /// <param name="archive">A room's address; <see langword="null"/> for our own account.</param>
    /// <returns><see langword="null"/> when the server cannot tell, or has no archive.</returns>
    /// <exception cref="XmppStanzaException">There is no such archive, or it is not for us to read.</exception>
    /// <exception cref="XmppException">The answer is malformed.</exception>
    public async Task<ArchiveMetadata?> MetadataAsync(Jid? archive = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await Client.RequestAsync(
                new Iq(IqType.Get, new ArchiveMetadata()) { To = ForeignArchive(archive) }, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            return answer.Get<ArchiveMetadata>() ?? throw new XmppException("The archive answered with malformed metadata.");
        }
        catch (XmppStanzaException e) when (e.Error.Condition is StanzaErrorCondition.FeatureNotImplemented
            or StanzaErrorCondition.ServiceUnavailable or StanzaErrorCondition.BadRequest)
        {
            return null;
        }
    }

    /// <summary>Looks for messages of a lost session that were never acknowledged. Not for a client that does not catch up:
    /// servers deliver nothing that is in the archive to one that has asked it.</summary>
    internal ValueTask FindArrivedAsync(IReadOnlyList<UnacknowledgedMessage> messages, CancellationToken cancellationToken) =>
        new ArrivalSearch(Client, this, _logger!).FindAsync(messages, cancellationToken);

    /// <summary>As <see cref="ReadAsync"/>, page by page.</summary>
    internal async IAsyncEnumerable<ArchivePage> ReadPagesAsync(
        ArchiveQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var milestone = query.Position;
        for (long pages = 1, nextMilestone = 1; ; pages++)
        {
            var page = await ReadPageAsync(query, cancellationToken).ConfigureAwait(false);

            // An empty page that is not called complete is an end too: there is nothing to go on from.
            var isLast = page.IsComplete || page.Next is null;
            if (!isLast && (page.Next == query.Position || page.Next == milestone))
            {
                throw new XmppException($"The archive goes round in circles: the id {page.Next} comes again.");
            }

            yield return page;
            if (isLast)
            {
                yield break;
            }

            // However large a circle is, it comes by a milestone again if that moves ever more rarely.
            if (pages == nextMilestone)
            {
                (milestone, nextMilestone) = (page.Next, 2 * nextMilestone);
            }

            query = query with { Position = page.Next };
        }
    }

    // Our own archive is asked without an address, as every server takes it.
    private Jid? ForeignArchive(Jid? archive) => archive?.Bare is { } bare && bare != Client.Jid.Bare ? bare : null;

    private RunningQuery Begin(string id, ArchiveQuery query, Jid? archive)
    {
        var running = new RunningQuery(query, archive);
        lock (_gate)
        {
            _running ??= new Dictionary<string, RunningQuery>(StringComparer.Ordinal);
            _running.Add(id, running);
        }

        return running;
    }

    private void End(string id)
    {
        lock (_gate)
        {
            _running!.Remove(id);
            if (_running.Count == 0)
            {
                _running = null;
            }
        }
    }

    private bool TakeResult(Message message)
    {
        foreach (var payload in message.Payloads)
        {
            if (payload is XmppElement element && element.Name == ArchiveResult.Name)
            {
                if (message.Type == MessageType.Error || ArchiveResult.Read(element) is not { } result
                    || !TryAdd(message.From, result))
                {
                    LogDropped(_logger!, message.From);
                }

                return true;
            }
        }

        return false;
    }

    // XEP-0313 §8.2: whom we asked, and what we asked, or else anybody could put words into anybody's mouth.
    private bool TryAdd(Jid? from, ArchiveResult result)
    {
        lock (_gate)
        {
            if (result.QueryId is not { } id || _running?.TryGetValue(id, out var running) != true
                || !MayAnswer(from, running!.Archive))
            {
                return false;
            }

            running.Add(result);
            return true;
        }
    }

    private bool MayAnswer(Jid? from, Jid? archive) => archive is null ? from is null || from == Client.Jid.Bare : from == archive;

    [LoggerMessage(
        EventId = 60, Level = LogLevel.Debug, Message = "Dropped a message of an archive that was not asked for, from {From}")]
    private static partial void LogDropped(ILogger logger, Jid? from);
}
