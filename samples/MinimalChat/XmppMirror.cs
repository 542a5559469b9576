namespace MinimalChat;

/// <summary>One more visitor: what is said on the web it says in a room of XMPP, and the other way round.</summary>
internal sealed class XmppMirror(XmppClient client, ChatRoom room, IConfiguration settings, ILogger<XmppMirror> logger) : BackgroundService, IMessageHandler
{
    private readonly Jid _jid = Jid.Parse(settings["Chat:Room"]!);

    public ValueTask HandleMessageAsync(MessageContext context, CancellationToken cancellationToken)
    {
        if (context.Message is { Type: MessageType.Groupchat, Body: { } body, From: { } from } && from.Bare == _jid)
            room.Say(Guid.Empty, $"{from.Resource}: {body}");
        return ValueTask.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        client.Get<RoomModule>().Stay(_jid, settings["Chat:Nick"]!, history: 0);
        for (long seen = 0; !room.IsClosing;)
        {
            (seen, var texts) = await room.ReadAsync(seen, Guid.Empty, Timeout.InfiniteTimeSpan, stoppingToken);
            for (var said = 0; said < texts.Length;)
                try
                {
                    await client.Get<RoomModule>().SendAsync(_jid, texts[said++], stoppingToken);
                }
                catch (XmppConnectionException)
                {
                    said--; // XMPP is away: this waits, and behind it what the room keeps
                    await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
                }
                catch (XmppException e)
                {
                    logger.LogError("Not mirrored: {Reason}", e.Message);
                }
        }
    }
}
