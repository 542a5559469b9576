using XmppChatClient.Stanzas;
using XmppChatClient.Testing.Accounts;
using XmppChatClient.Testing.Modules;
using XmppChatClient.Testing.Routing;
using XmppChatClient.Testing.Sessions;

namespace XmppChatClient.Testing.Archive;

/// <summary>Message archives (XEP-0313 v1.1.3, with what it calls extended) of accounts, and the store for those of rooms.
/// Before carbons, whose copies carry the archive's ids.</summary>
internal sealed class ArchiveModule : ServerModule
{
    private readonly Dictionary<ServerAccount, ArchivePreferences> _preferences = [];

    /// <summary>Null when the server archives nothing.</summary>
    public ArchiveStore? Store { get; private set; }

    /// <summary>Not to be used without <see cref="Store"/>.</summary>
    public ArchiveAnswers Answers { get; private set; } = null!;

    public override RoutedStanza? MessageSent(ServerSession sender, RoutedStanza message) =>
        Keep(sender.Account, message, message.To);

    public override RoutedStanza? MessageArriving(ServerAccount receiver, RoutedStanza message) =>
        Keep(receiver, message, message.From);

    public override void AccountRemoved(ServerAccount account)
    {
        Store?.Remove(account.Jid);
        _preferences.Remove(account);
    }

    protected override void SetUp(ModuleSetup setup)
    {
        if (!Server.Options.Archive.Offer)
        {
            return;
        }

        Store = new ArchiveStore(Server.Options.Limits.ArchivedMessages);
        Answers = new ArchiveAnswers(Server);
        foreach (var feature in ArchiveAnswers.Features)
        {
            setup.AccountFeature(feature);
        }

        setup.OnAccountIq(ArchiveAnswers.Query, ForOwner(AnswerQuery));
        setup.OnAccountIq(ArchiveAnswers.Metadata, ForOwner(
            request => Answers.AnswerMetadata(request.Stanza, Store.Of(request.Account!.Jid))));
        setup.OnAccountIq(ArchivePreferences.Name, ForOwner(AnswerPreferences));
    }

    private static Action<IqRequest> ForOwner(Action<IqRequest> handler) => request =>
    {
        if (request is { IsFromOwner: true, Session: not null })
        {
            handler(request);
        }
        else
        {
            request.Refuse(StanzaErrors.ServiceUnavailable);
        }
    };

    private RoutedStanza Keep(ServerAccount account, RoutedStanza message, Jid peer)
    {
        if (Store is null)
        {
            return message;
        }

        message = message.WithoutStanzaIds(account.Jid);
        if (account.Password is null || !ArchiveRules.IsWorthKeeping(message) || !PreferencesOf(account).Keeps(account, peer))
        {
            return message;
        }

        var id = Store.Of(account.Jid).Add(Server.Clock.GetUtcNow(), peer, ArchiveRules.Lasting(message).Element);
        return message.WithStanzaId(account.Jid, id);
    }

    private ArchivePreferences PreferencesOf(ServerAccount account) =>
        _preferences.GetValueOrDefault(account) ?? new ArchivePreferences(Server.Options.Archive.Default, [], []);

    private void AnswerQuery(IqRequest request)
    {
        request.Session!.ReadsArchive = true;
        Answers.AnswerQuery(request.Stanza, request.Payload, Store!.Of(request.Account!.Jid), request.Session);
    }

    private void AnswerPreferences(IqRequest request)
    {
        if (request.IsSet)
        {
            if (ArchivePreferences.Read(request.Payload) is not { } changed)
            {
                request.Refuse(StanzaErrors.BadRequest);
                return;
            }

            _preferences[request.Account!] = changed;
        }

        request.Reply(PreferencesOf(request.Account!).ToElement());
    }
}
