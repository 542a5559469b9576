namespace MinimalChat;

/// <summary>One more visitor: what is said on the web it says in a room of XMPP, and the other way round.</summary>
internal sealed class XmppMirror(XmppClient client, ChatRoom room, IConfiguration settings, ILogger<XmppMirror> logger)
    : BackgroundService, IMessageHandler, ISessionHandler
{
    private readonly Jid _jid = Jid.Parse(settings["Chat:Room"]!);

    public async ValueTask HandleStartedAsync(XmppClient client, SessionStarted session, CancellationToken cancellationToken)
    {
        var nick = await client.Get<RoomModule>().JoinAsync(_jid, settings["Chat:Nick"]!, history: 0, cancellationToken: cancellationToken);
        logger.LogInformation("Mirrored to XMPP as {Nick}", nick);
    }

    public ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken)
    {
        if (context.Message is { Type: MessageType.Groupchat, Body: { } body, From: { } from } && from.Bare == _jid)
            room.Say(Guid.Empty, $"{from.Resource}: {body}");
        return ValueTask.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (long seen = 0; !room.IsClosing;)
        {
            (seen, var texts) = await room.ReadAsync(seen, Guid.Empty, Timeout.InfiniteTimeSpan, stoppingToken);
            try
            {
                foreach (var text in texts)
                    await client.Get<RoomModule>().SendAsync(_jid, text, stoppingToken);
            }
            catch (XmppException e)
            {
                logger.LogError("Not mirrored: {Reason}", e.Message);
            }
        }
    }
}
