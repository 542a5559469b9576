using System.Globalization;
using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Server;
using XmppChatClient.Testing.Sessions;
using XmppChatClient.Xml;

namespace XmppChatClient.Testing.Archive;

/// <summary>Answers those who may see an archive, an account's or a room's (XEP-0313 §4 and §5). Under the gate.</summary>
internal sealed class ArchiveAnswers(ServerEngine server)
{
    public const string Namespace = "urn:xmpp:mam:2";

    private const string PageNamespace = "http://jabber.org/protocol/rsm";

    // As Prosody says it.
    private static readonly StanzaError UnknownId = new(StanzaErrorType.Modify, StanzaErrorCondition.ItemNotFound);

    public static XmlName Query { get; } = new(Namespace, "query");

    public static XmlName Metadata { get; } = new(Namespace, "metadata");

    /// <summary>What is said in service discovery of whoever has an archive.</summary>
    public static IReadOnlyList<string> Features { get; } = [Namespace, $"{Namespace}#extended", StanzaIds.Namespace];

    /// <summary>Answers a &lt;query/&gt;: a get with the form, a set with the messages, then the end of them.</summary>
    /// <param name="asker">Whose session gets the messages.</param>
    /// <param name="shown">What of a message that one may see; null for all.</param>
    public void AnswerQuery(
        RoutedStanza request, XmppElement query, MessageArchive archive, ServerSession asker,
        Func<XmppElement, XmppElement>? shown = null)
    {
        if (request.Type == "get")
        {
            server.Router.Route(request.Result(new XmppElement(Query, ArchiveForm.Empty)));
        }
        else if (ArchiveForm.HasIndex(query))
        {
            server.Router.Refuse(request, new StanzaError(
                StanzaErrorType.Cancel, StanzaErrorCondition.FeatureNotImplemented, "Pages are not found by their index."));
        }
        else if (ArchiveForm.Read(query, server.Options.Archive.PageSize, out var problem) is not { } asked)
        {
            server.Router.Refuse(request, StanzaErrors.BadRequest with { Text = problem });
        }
        else if (archive.Find(asked) is not { } page)
        {
            server.Router.Refuse(request, UnknownId);
        }
        else
        {
            foreach (var message in asked.IsFlipped ? page.Messages.Reverse() : page.Messages)
            {
                var seen = shown?.Invoke(message.Element) ?? message.Element;
                asker.Send(RoutedStanza.Of(Result(message, seen, query.Attribute("queryid")), request.To, asker.Jid));
            }

            server.Router.Route(request.Result(End(page)));
        }
    }

    /// <summary>Answers a &lt;metadata/&gt;: the first message and the last.</summary>
    public void AnswerMetadata(RoutedStanza request, MessageArchive archive)
    {
        if (request.Type != "get")
        {
            server.Router.Refuse(request, StanzaErrors.ServiceUnavailable);
        }
        else if (archive is { First: { } first, Last: { } last })
        {
            server.Router.Route(request.Result(new XmppElement(Metadata, Place("start", first), Place("end", last))));
        }
        else
        {
            server.Router.Route(request.Result(new XmppElement(Metadata)));
        }
    }

    private static XmppElement Place(string name, ArchivedMessage message) => new(
        new XmlName(Namespace, name),
        [new XmlAttribute("id", message.Id), new XmlAttribute("timestamp", DelayStamp.Text(message.At))]);

    private static XmppElement Result(ArchivedMessage message, XmppElement seen, string? queryId)
    {
        var attributes = new List<XmlAttribute> { new("id", message.Id) };
        if (queryId is not null)
        {
            attributes.Add(new XmlAttribute("queryid", queryId));
        }

        return new XmppElement(StanzaNames.Message, new XmppElement(
            new XmlName(Namespace, "result"), [.. attributes],
            new XmppElement(
                new XmlName("urn:xmpp:forward:0", "forwarded"), DelayStamp.Of(message.At, by: null), seen)));
    }

    private static XmppElement End(ArchivePage page)
    {
        var set = new List<XmlNode>();
        if (page.Messages is [var first, ..])
        {
            set.Add(InSet("first", first.Id));
            set.Add(InSet("last", page.Messages[^1].Id));
        }

        set.Add(InSet("count", page.Count.ToString(CultureInfo.InvariantCulture)));
        return new XmppElement(
            new XmlName(Namespace, "fin"), page.IsComplete ? [new XmlAttribute("complete", "true")] : [],
            new XmppElement(new XmlName(PageNamespace, "set"), [.. set]));
    }

    private static XmppElement InSet(string name, string text) => new(new XmlName(PageNamespace, name), text);
}
